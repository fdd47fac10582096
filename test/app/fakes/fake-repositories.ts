import type { Repositories } from '../../../src/app/github-ports.ts';
import { CONFIG_FILE } from '../../../src/core/config/toolchain-files.ts';
import type { BranchConfig } from '../../../src/core/plan/choose-config.ts';
import { projectFilesOf } from '../../core/config/project-files.ts';

/** Text of files by their path. */
export type Files = Readonly<Record<string, string>>;

/** A GitHub of commits that hold files, and of what changed between them. */
export interface FakeRepositories extends Repositories {
  /** The methods of all requests, in order. */
  readonly requests: readonly (keyof Repositories)[];
  commit(sha: string, files: Files, message?: string): void;
  /** Sets what a branch's newest commit holds; the files of any commit count for every branch that was not set. */
  branch(name: string, files: Files): void;
  changed(base: string, head: string, files: readonly string[], complete?: boolean): void;
  /** The next snapshot rejects. */
  failNext(error: Error): void;
}

export function createFakeRepositories(tokenExpiresAt: () => Date): FakeRepositories {
  const commits = new Map<string, Files>();
  const messages = new Map<string, string>();
  const branches = new Map<string, Files>();
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
    branch: (name, files) => branches.set(name, files),
    async snapshot(_repository, sha, names) {
      requests.push('snapshot');
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      const files = filesAt(sha);
      const text = files[CONFIG_FILE];
      return {
        message: messages.get(sha) ?? '',
        config: text === undefined ? null : { oid: sha, text },
        root: projectFilesOf(files, '.'),
        branches: new Map(names.map((name) => [name, configOf(branches.get(name) ?? files, name)])),
      };
    },
    async projectFiles(_repository, sha, paths) {
      requests.push('projectFiles');
      return new Map(paths.map((path) => [path, projectFilesOf(filesAt(sha), path)]));
    },
    async lineCounts(_repository, sha, paths) {
      requests.push('lineCounts');
      const files = filesAt(sha);
      return new Map(
        paths.flatMap((path) => {
          const text = files[path];
          return text === undefined ? [] : [[path, text.split('\n').length]];
        }),
      );
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

function configOf(files: Files, oid: string): BranchConfig {
  const text = files[CONFIG_FILE];
  return text === undefined ? null : { oid, text };
}

/** The token that every run's clone gets. */
export const TOKEN = 'clone-token-0123456789';
