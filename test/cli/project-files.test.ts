import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readCommitFiles } from '../../src/cli/commit-files.ts';
import { readDirectoryFiles } from '../../src/cli/directory-files.ts';
import { createGit } from '../../src/cli/git.ts';
import { findWorkingTree } from '../../src/cli/working-tree.ts';
import { GIT_ENVIRONMENT, git, repositoryOf, temporaryDirectory, write } from './temporary-repository.ts';

const FILES = {
  'go.mod': 'module example.com/x\n',
  'README.md': 'not read',
  'web/package.json': '{}\n',
  'web/ü b/file': '',
};

describe.each([
  ['a directory', async (root: string) => readDirectoryFiles(root)],
  [
    'a commit',
    async (root: string) => {
      git(root, 'add', '--all');
      git(root, 'commit', '--quiet', '--message', 'second');
      return readCommitFiles(createGit(root, GIT_ENVIRONMENT), git(root, 'rev-parse', 'HEAD'));
    },
  ],
])('projects of %s', (_what, readerOf) => {
  test('have the names of all files and the text of those that decide a toolchain', async () => {
    const root = repositoryOf(FILES);
    symlinkSync('/etc/hostname', join(root, 'package.json'));

    const read = await readerOf(root);

    const { entries, text } = await read('.');
    expect(entries.filter((name) => name !== '.git')).toEqual(['README.md', 'go.mod', 'package.json', 'web']);
    expect(text).toEqual({ 'go.mod': 'module example.com/x\n' });
    expect(await read('web')).toEqual({ entries: ['package.json', 'ü b'], text: { 'package.json': '{}\n' } });
  });

  test('are empty where there is no such folder', async () => {
    const root = repositoryOf(FILES);
    write(root, { new: '' });

    const read = await readerOf(root);

    expect(await read('nowhere')).toEqual({ entries: [], text: {} });
    expect(await read('README.md')).toEqual({ entries: [], text: {} });
  });
});

describe('findWorkingTree', () => {
  test('finds the root of the repository from a folder in it', async () => {
    const root = repositoryOf({ '.tekton-ci.yml': '', 'deep/er/file': '' });

    const tree = await findWorkingTree(join(root, 'deep/er'), GIT_ENVIRONMENT);

    expect(tree).toMatchObject({ root, repository: { topLevel: root, prefix: '', branch: 'main' } });
  });

  test('takes a folder with a config of its own for the root', async () => {
    const root = repositoryOf({ '.tekton-ci.yml': '', 'examples/go/.tekton-ci.yml': '' });

    const tree = await findWorkingTree(join(root, 'examples/go'), GIT_ENVIRONMENT);

    expect(tree).toMatchObject({
      root: join(root, 'examples/go'),
      repository: { topLevel: root, prefix: 'examples/go/' },
    });
  });

  test('knows no branch on a detached HEAD, and no commit before the first', async () => {
    const detached = repositoryOf({ a: '' });
    git(detached, 'checkout', '--quiet', '--detach');
    const empty = temporaryDirectory();
    git(empty, 'init', '--quiet');

    expect((await findWorkingTree(detached, GIT_ENVIRONMENT)).repository).toMatchObject({ branch: null });
    expect((await findWorkingTree(empty, GIT_ENVIRONMENT)).repository).toMatchObject({
      branch: 'main',
      head: null,
    });
  });
});
