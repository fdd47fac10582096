import { execFile } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../src/core/user-error.ts';
import { pushExample } from './example.ts';
import type { Commit, Stage, Story } from './stage.ts';

const execute = promisify(execFile);

/** A push, of the example or of the `HEAD` of a local repository, and all that its checks say. */
export function pushStory(path: string | undefined): Story {
  return {
    async play(stage) {
      stage.github.onCheck((check) => {
        if (check.status === 'completed') stage.narrator.show(check);
      });
      const commit =
        path === undefined ? await pushExample(stage, { private: true }) : await pushHead(stage, path);
      return stage.verdict(commit);
    },
  };
}

/** Pushes by Git and over HTTP; nothing in the local repository changes. */
async function pushHead({ github, narrator }: Stage, path: string): Promise<Commit> {
  const git = async (...words: string[]) => (await execute('git', ['-C', path, ...words])).stdout.trim();
  const sha = await git('rev-parse', '--verify', 'HEAD^{commit}').catch((error: unknown) => {
    throw new UserError('demo-repository', `${path} is not a Git repository with a commit`, { cause: error });
  });
  await git('cat-file', '-e', `${sha}:.tekton-ci.yml`).catch((error: unknown) => {
    throw new UserError(
      'demo-config',
      `${path} has no .tekton-ci.yml at its HEAD: commit one. An empty file is enough, it finds the toolchain and runs the tests`,
      { cause: error },
    );
  });
  const name = basename(resolve(path)).replace(/[^\w.-]+/g, '-') || 'repository';
  const repository = await github.createRepository({ owner: 'acme', name, private: true });
  const url = new URL(repository.cloneUrl);
  url.username = github.developer.login;
  url.password = github.developer.password;
  const title = await git('log', '-1', '--format=%s');
  narrator.act('push', `acme/${name} main ${sha.slice(0, 7)} "${title}"`);
  await git('push', '--quiet', '--no-verify', url.href, `${sha}:refs/heads/main`);
  return { repository: repository.fullName, sha };
}
