import type { Repositories } from '../../../src/app/ports.ts';
import { CONFIG_FILE } from '../../../src/core/config/toolchain-files.ts';
import { projectFilesOf } from '../../core/config/project-files.ts';

/** Text of files by their path. */
export type Files = Readonly<Record<string, string>>;

/** A GitHub of commits that hold files, and of what changed between them. */
export interface FakeRepositories extends Repositories {
  /** The methods of all requests, in order. */
  readonly requests: readonly (keyof Repositories)[];
  commit(sha: string, files: Files, message?: string): void;
  changed(base: string, head: string, files: readonly string[], complete?: boolean): void;
  /** The next snapshot rejects. */
  failNext(error: Error): void;
}

export function createFakeRepositories(tokenExpiresAt: () => Date): FakeRepositories {
  const commits = new Map<string, Files>();
  const messages = new Map<string, string>();
  const changes = new Map<string, { files: readonly string[]; complete: boolean }>();
  const requests: (keyof Repositories)[] = [];
  const failures: Error[] = [];
  const filesAt = (sha: string): Files => {
    const files = commits.get(sha);
    if (files === undefined) throw new Error(`no commit ${sha}`);
    return files;
  };
  return {
    requests,
    commit(sha, files, message = '') {
      commits.set(sha, files);
      messages.set(sha, message);
    },
    changed: (base, head, files, complete = true) => changes.set(`${base}...${head}`, { files, complete }),
    failNext: (error) => failures.push(error),
    async snapshot(_repository, sha) {
      requests.push('snapshot');
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      const files = filesAt(sha);
      const text = files[CONFIG_FILE];
      return {
        message: messages.get(sha) ?? '',
        config: text === undefined ? null : { oid: sha, text },
        root: projectFilesOf(files, '.'),
      };
    },
    async projectFiles(_repository, sha, paths) {
      requests.push('projectFiles');
      return new Map(paths.map((path) => [path, projectFilesOf(filesAt(sha), path)]));
    },
    async changedFiles(_repository, base, head) {
      requests.push('changedFiles');
      const known = changes.get(`${base}...${head}`);
      if (known === undefined) throw new Error(`nothing is known of ${base}...${head}`);
      return known;
    },
    async cloneToken() {
      requests.push('cloneToken');
      return { token: TOKEN, expiresAt: tokenExpiresAt() };
    },
  };
}

/** The token that every run's clone gets. */
export const TOKEN = 'clone-token-0123456789';
