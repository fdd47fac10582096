import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';

/** Git without the settings of whoever runs the tests. */
export const GIT_ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

const made: string[] = [];

afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A directory that is removed after the tests of the file; its name has a space. */
export function temporaryDirectory(name = 'tekton-ci test'): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  made.push(directory);
  return directory;
}

export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

export function git(directory: string, ...args: string[]): string {
  const settings = ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main'];
  const options = { cwd: directory, env: GIT_ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' } as const;
  return execFileSync('git', [...settings, ...args], options).trimEnd();
}

/** A repository with one commit of these files. */
export function repositoryOf(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  git(root, 'init', '--quiet');
  write(root, files);
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'first');
  return root;
}

/**
 * Every file below a directory with its mode, time and a hash of its content: equal when nothing was touched. Times of
 * git's objects do not count: git sets them anew when it finds that it need not write what is there already.
 */
export function fingerprint(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const stats = lstatSync(join(directory, name));
      const content = stats.isFile() ? readFileSync(join(directory, name)) : '';
      const time = name.includes('/objects/') ? '' : stats.mtimeMs;
      return [name, `${stats.mode} ${time} ${createHash('sha256').update(content).digest('hex')}`];
    }),
  );
}

/** What a clone of exactly this commit contains: path → mode and content. */
export function cloned(url: string, sha: string): Record<string, string> {
  const clone = temporaryDirectory();
  git(clone, 'init', '--quiet');
  git(clone, 'fetch', '--quiet', '--depth=1', url, sha);
  const entries = git(clone, 'ls-tree', '-r', '-z', 'FETCH_HEAD').split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const [meta = '', name = ''] = entry.split('\t');
      const [mode, kind, object = ''] = meta.split(' ');
      return [name, `${mode} ${kind === 'blob' ? git(clone, 'cat-file', 'blob', object) : kind}`];
    }),
  );
}
