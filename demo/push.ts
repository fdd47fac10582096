import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '../src/core/user-error.ts';
import type { GitHub } from '../test/github/github.ts';

const execute = promisify(execFile);

const EXAMPLE = fileURLToPath(new URL('../examples/node/', import.meta.url));

export interface DemoRepository {
  readonly github: GitHub;
  readonly options: { readonly write: (line: string) => void };
}

/** Pushes the example, whose tests need nothing but Node. */
export async function pushExample({ github, options }: DemoRepository): Promise<void> {
  const repository = await github.createRepository({ owner: 'acme', name: 'greeter', private: true });
  const { sha } = await github.pushFiles(repository, {
    files: await readFiles(EXAMPLE),
    message: 'Greet strangers too',
  });
  options.write(`push                  acme/greeter main ${String(sha).slice(0, 7)} "Greet strangers too"\n`);
}

/** Pushes the `HEAD` of a local repository, by Git and over HTTP; nothing in that repository changes. */
export async function pushHead({ github, options }: DemoRepository, path: string): Promise<void> {
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
  options.write(
    `push                  acme/${name} main ${sha.slice(0, 7)} "${await git('log', '-1', '--format=%s')}"\n`,
  );
  await git('push', '--quiet', '--no-verify', url.href, `${sha}:refs/heads/main`);
}

async function readFiles(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file.slice(directory.length), await readFile(file, 'utf8')] as const;
      }),
    ),
  );
}
