import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { type Snapshot, takeSnapshot } from '../../src/cli/snapshot.ts';
import { findWorkingTree } from '../../src/cli/working-tree.ts';
import {
  cloned,
  fingerprint,
  GIT_ENVIRONMENT,
  git,
  repositoryOf,
  temporaryDirectory,
  write,
} from './temporary-repository.ts';

// Processes: slow on a busy machine.
jest.setTimeout(30_000);

describe('takeSnapshot', () => {
  test('of a clean repository is its HEAD', async () => {
    const root = repositoryOf({ 'a.txt': 'a' });

    const snapshot = await snapshotOf(root);

    expect(snapshot).toMatchObject({ clean: true, sha: git(root, 'rev-parse', 'HEAD'), notes: [] });
    expect(cloned(snapshot.url, snapshot.sha)).toEqual({ 'a.txt': '100644 a' });
  });

  test('takes what is changed, staged, untracked and deleted, and leaves out what is ignored', async () => {
    const root = repositoryOf({
      '.gitignore': '*.log\n/out/\n',
      'same.txt': 'same',
      'changed.txt': 'before',
      'staged.txt': 'before',
      'deleted.txt': 'gone',
    });
    write(root, {
      'changed.txt': 'after',
      'staged.txt': 'after',
      'new folder/new ü file.txt': 'new',
      'debug.log': 'ignored',
      'out/binary': 'ignored',
    });
    git(root, 'add', 'staged.txt');
    rmSync(join(root, 'deleted.txt'));

    const snapshot = await snapshotOf(root);

    expect(snapshot.clean).toBe(false);
    expect(cloned(snapshot.url, snapshot.sha)).toEqual({
      '.gitignore': '100644 *.log\n/out/',
      'same.txt': '100644 same',
      'changed.txt': '100644 after',
      'staged.txt': '100644 after',
      'new folder/new ü file.txt': '100644 new',
    });
  });

  test('keeps executable bits and symbolic links', async () => {
    const root = repositoryOf({ 'run.sh': '#!/bin/sh', target: 'x', 'becomes-folder': 'x' });
    chmodSync(join(root, 'run.sh'), 0o755);
    symlinkSync('target', join(root, 'link'));
    symlinkSync('/nowhere/at/all', join(root, 'dangling'));
    rmSync(join(root, 'becomes-folder'));
    write(root, { 'becomes-folder/inside': 'y' });

    const snapshot = await snapshotOf(root);

    expect(cloned(snapshot.url, snapshot.sha)).toEqual({
      'run.sh': '100755 #!/bin/sh',
      target: '100644 x',
      link: '120000 target',
      dangling: '120000 /nowhere/at/all',
      'becomes-folder/inside': '100644 y',
    });
  });

  test('sees a change that left size and time of a file as they were', async () => {
    const root = repositoryOf({ 'a.txt': 'one' });
    writeFileSync(join(root, 'a.txt'), 'two');
    git(root, 'add', 'a.txt');
    writeFileSync(join(root, 'a.txt'), 'six');

    const snapshot = await snapshotOf(root);

    expect(cloned(snapshot.url, snapshot.sha)).toEqual({ 'a.txt': '100644 six' });
  });

  test('has the history of the repository behind it', async () => {
    const root = repositoryOf({ 'a.txt': 'a' });
    write(root, { 'b.txt': 'b' });

    const { git: inSnapshot, sha } = await snapshotOf(root);

    expect((await inSnapshot('rev-parse', `${sha}^`)).trim()).toBe(git(root, 'rev-parse', 'HEAD'));
    expect((await inSnapshot('log', '-1', '--format=%an <%ae>', sha)).trim()).toBe(
      'tekton-ci <tekton-ci@localhost>',
    );
  });

  test('leaves everything in the repository as it was, to the byte', async () => {
    const root = repositoryOf({ 'a.txt': 'a', 'sub/b.txt': 'b' });
    write(root, { 'a.txt': 'changed', 'new.txt': 'new', 'staged.txt': 'staged' });
    git(root, 'add', 'staged.txt');
    git(root, 'config', 'core.splitIndex', 'true');
    git(root, 'config', 'core.untrackedCache', 'true');
    write(root, { '.git/hooks/post-index-change': `#!/bin/sh\ntouch "${root}/hooked"\n` });
    chmodSync(join(root, '.git/hooks/post-index-change'), 0o755);
    // Times that differ from the index's, so that git would like to refresh it.
    utimesSync(join(root, 'sub/b.txt'), 1, 1);
    const before = fingerprint(root);

    await snapshotOf(root);

    expect(fingerprint(root)).toEqual(before);
  });

  test('works in a hook, where git points at the real index', async () => {
    const root = repositoryOf({ 'a.txt': 'a' });
    write(root, { 'b.txt': 'b' });
    const before = fingerprint(root);
    const environment = { GIT_DIR: '.git', GIT_INDEX_FILE: join(root, '.git/index'), GIT_PREFIX: '' };

    const snapshot = await snapshotOf(root, environment);

    expect(Object.keys(cloned(snapshot.url, snapshot.sha))).toEqual(['a.txt', 'b.txt']);
    expect(fingerprint(root)).toEqual(before);
  });

  test('of a repository without commits has its files', async () => {
    const root = temporaryDirectory();
    git(root, 'init', '--quiet');
    write(root, { 'a.txt': 'a', '.gitignore': 'b.txt', 'b.txt': 'b' });

    const snapshot = await snapshotOf(root);

    expect(snapshot.clean).toBe(false);
    expect(Object.keys(cloned(snapshot.url, snapshot.sha))).toEqual(['.gitignore', 'a.txt']);
  });

  test('of a directory that is no repository has its files, and makes none of it', async () => {
    const root = temporaryDirectory();
    write(root, { 'a b/c.txt': 'c', '.gitignore': 'node_modules/', 'node_modules/x/index.js': '' });
    const before = fingerprint(root);

    const snapshot = await snapshotOf(root);

    expect(cloned(snapshot.url, snapshot.sha)).toEqual({
      '.gitignore': '100644 node_modules/',
      'a b/c.txt': '100644 c',
    });
    expect(fingerprint(root)).toEqual(before);
  });

  test('has the content of submodules, with what is uncommitted in them', async () => {
    const library = repositoryOf({ 'lib.txt': 'lib', 'deep/x.txt': 'x' });
    const root = repositoryOf({ 'a.txt': 'a' });
    git(root, 'submodule', '--quiet', 'add', library, 'libs/one');
    git(root, 'commit', '--quiet', '--message', 'submodule');
    write(root, { 'libs/one/lib.txt': 'changed', 'libs/one/new.txt': 'new' });
    const before = fingerprint(root);

    const snapshot = await snapshotOf(root);

    expect(cloned(snapshot.url, snapshot.sha)).toMatchObject({
      'a.txt': '100644 a',
      'libs/one/lib.txt': '100644 changed',
      'libs/one/new.txt': '100644 new',
      'libs/one/deep/x.txt': '100644 x',
    });
    expect(fingerprint(root)).toEqual(before);
  });

  test('leaves out submodules that are not checked out, and says so', async () => {
    const library = repositoryOf({ 'lib.txt': 'lib' });
    const origin = repositoryOf({ 'a.txt': 'a' });
    git(origin, 'submodule', '--quiet', 'add', library, 'lib');
    git(origin, 'commit', '--quiet', '--message', 'submodule');
    const root = join(temporaryDirectory(), 'clone');
    git(origin, 'clone', '--quiet', origin, root);

    const snapshot = await snapshotOf(root);

    expect(Object.keys(cloned(snapshot.url, snapshot.sha))).toEqual(['.gitmodules', 'a.txt']);
    expect(snapshot.notes).toEqual([expect.stringContaining('the submodule lib is not checked out')]);
  });

  test.each(['with', 'without'])(
    'leaves out other repositories inside, %s commits, and says so',
    async (kind) => {
      const root = repositoryOf({ 'a.txt': 'a' });
      const inner = join(root, 'vendor', 'in ner');
      mkdirSync(inner, { recursive: true });
      git(inner, 'init', '--quiet');
      write(inner, { 'x.txt': 'x' });
      if (kind === 'with') {
        git(inner, 'add', '.');
        git(inner, 'commit', '--quiet', '--message', 'inner');
      }
      write(root, { 'b.txt': 'b' });

      const snapshot = await snapshotOf(root);

      expect(Object.keys(cloned(snapshot.url, snapshot.sha))).toEqual(['a.txt', 'b.txt']);
      expect(snapshot.notes).toEqual([expect.stringContaining('vendor/in ner is a repository of its own')]);
    },
  );

  test('works in a linked working tree and in a shallow clone', async () => {
    const origin = repositoryOf({ 'a.txt': 'a' });
    git(origin, 'commit', '--quiet', '--allow-empty', '--message', 'second');
    const linked = join(temporaryDirectory(), 'linked');
    git(origin, 'worktree', 'add', '--quiet', linked);
    const shallow = join(temporaryDirectory(), 'shallow');
    git(origin, 'clone', '--quiet', '--depth=1', `file://${encodeURI(origin)}`, shallow);

    for (const root of [linked, shallow]) {
      write(root, { 'b.txt': 'b' });
      const snapshot = await snapshotOf(root);
      expect(Object.keys(cloned(snapshot.url, snapshot.sha))).toEqual(['a.txt', 'b.txt']);
    }
  });

  test('of a folder with its own config is that folder alone, under the ignore rules above it', async () => {
    const root = repositoryOf({
      '.gitignore': '*.log',
      'examples/go/.tekton-ci.yml': '',
      'examples/other': 'x',
    });
    write(root, { 'examples/go/main.go': 'package main', 'examples/go/debug.log': 'ignored' });

    const snapshot = await snapshotOf(join(root, 'examples/go'));

    expect(Object.keys(cloned(snapshot.url, snapshot.sha))).toEqual(['.tekton-ci.yml', 'main.go']);
  });

  test('takes a conflict as it lies in the working tree', async () => {
    const root = repositoryOf({ 'a.txt': 'base' });
    git(root, 'checkout', '--quiet', '-b', 'other');
    write(root, { 'a.txt': 'other' });
    git(root, 'commit', '--quiet', '--all', '--message', 'other');
    git(root, 'checkout', '--quiet', 'main');
    write(root, { 'a.txt': 'main' });
    git(root, 'commit', '--quiet', '--all', '--message', 'main');
    expect(() => git(root, 'merge', 'other')).toThrow();

    const snapshot = await snapshotOf(root);

    expect(cloned(snapshot.url, snapshot.sha)['a.txt']).toMatch(
      /^100644 <<<<<<< HEAD\nmain\n=======\nother\n>>>>>>>/,
    );
  });

  test('refuses a repository of sha256 objects with a sentence', async () => {
    const root = temporaryDirectory();
    git(root, 'init', '--quiet', '--object-format=sha256');

    await expect(snapshotOf(root)).rejects.toMatchObject({ code: 'object-format' });
  });

  test('says that git is missing', async () => {
    await expect(snapshotOf(temporaryDirectory(), { PATH: '/nonexistent' })).rejects.toMatchObject({
      code: 'git-missing',
    });
  });
});

async function snapshotOf(
  root: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Snapshot> {
  const all = { ...GIT_ENVIRONMENT, ...environment };
  return takeSnapshot(await findWorkingTree(root, all), temporaryDirectory(), all);
}
