import { describe, expect, test } from '@jest/globals';
import { parseRemote, pushedRef, repositoryNames } from '../../src/cli/repository-names.ts';
import { findWorkingTree } from '../../src/cli/working-tree.ts';
import { GIT_ENVIRONMENT, git, repositoryOf, temporaryDirectory } from './temporary-repository.ts';

describe('parseRemote', () => {
  test.each([
    'https://github.com/acme/api.git',
    'https://github.com/acme/api',
    'https://github.com/acme/api/',
    'https://ada:secret@github.com/acme/api.git',
    'git@github.com:acme/api.git',
    'github.com:acme/api.git',
    'ssh://git@github.com/acme/api.git',
    'ssh://git@github.com:22/acme/api.git',
  ])('knows %s', (remote) => {
    expect(parseRemote(remote)).toEqual({ host: 'github.com', owner: 'acme', name: 'api' });
  });

  test.each(['', '/srv/git/api.git', '../api', 'file:///srv/api.git', 'https://github.com/api'])(
    'does not know "%s"',
    (remote) => {
      expect(parseRemote(remote)).toBeNull();
    },
  );
});

describe('repositoryNames', () => {
  test('come from the remote, without its credentials', async () => {
    const root = repositoryOf({ a: '' });
    git(root, 'remote', 'add', 'origin', 'https://ada:secret@git.example.com/acme/api.git');
    git(root, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');

    const names = await repositoryNames(await findWorkingTree(root, GIT_ENVIRONMENT));

    expect(names).toEqual({
      owner: 'acme',
      name: 'api',
      defaultBranch: 'trunk',
      cloneUrl: 'https://git.example.com/acme/api.git',
    });
  });

  test('come from the directory when there is no repository', async () => {
    const tree = await findWorkingTree(temporaryDirectory('api'), GIT_ENVIRONMENT);

    expect(await repositoryNames(tree)).toMatchObject({
      owner: 'local',
      name: expect.stringMatching(/^api-/),
      defaultBranch: 'main',
    });
  });
});

describe('pushedRef', () => {
  test('is the branch that is checked out, the one that was named, or the tag of the commit', async () => {
    const root = repositoryOf({ a: '' });
    git(root, 'checkout', '--quiet', '-b', 'feature/x');
    git(root, 'tag', 'v1.2.0');
    const tree = await findWorkingTree(root, GIT_ENVIRONMENT);

    expect(await pushedRef(tree, { event: 'push' })).toEqual({ kind: 'branch', name: 'feature/x' });
    expect(await pushedRef(tree, { event: 'push', ref: 'refs/heads/y' })).toEqual({
      kind: 'branch',
      name: 'y',
    });
    expect(await pushedRef(tree, { event: 'tag' })).toEqual({ kind: 'tag', name: 'v1.2.0' });
    expect(await pushedRef(tree, { event: 'tag', ref: 'v2' })).toEqual({ kind: 'tag', name: 'v2' });
  });

  test('asks for the tag when none points at the commit', async () => {
    const tree = await findWorkingTree(repositoryOf({ a: '' }), GIT_ENVIRONMENT);

    await expect(pushedRef(tree, { event: 'tag' })).rejects.toMatchObject({ code: 'tag-unknown' });
  });
});
