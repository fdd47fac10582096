import { basename } from 'node:path';
import { optional } from './git-answers.ts';
import type { GitRef } from './render-projects.ts';
import { UsageError } from './usage-error.ts';
import type { WorkingTree } from './working-tree.ts';

export interface RepositoryNames {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  /** `https://github.com/acme/api.git`, without credentials. */
  readonly cloneUrl: string;
}

/** What GitHub would call the working tree's repository: from its remote `origin`, else from its directory's name. */
export async function repositoryNames({ root, repository }: WorkingTree): Promise<RepositoryNames> {
  const git = repository?.prefix === '' ? repository.git : null;
  const origin = git === null ? null : await optional(git('config', '--get', 'remote.origin.url'));
  const remoteHead =
    git === null
      ? null
      : await optional(git('symbolic-ref', '--short', '--quiet', 'refs/remotes/origin/HEAD'));
  const { host, owner, name } = parseRemote(origin ?? '') ?? {
    host: 'github.com',
    owner: 'local',
    name: basename(root),
  };
  return {
    owner,
    name,
    defaultBranch: remoteHead?.replace(/^origin\//, '') ?? 'main',
    cloneUrl: `https://${host}/${owner}/${name}.git`,
  };
}

/** `https://user:token@host/acme/api.git`, `git@host:acme/api.git`, `ssh://git@host:22/acme/api`; null for other forms. */
export function parseRemote(remote: string): { host: string; owner: string; name: string } | null {
  const match =
    /^(?:(?:https?|ssh|git):\/\/)?(?:[^@/]*@)?([\w.-]+)(?::\d+)?[:/]\/?([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      remote,
    );
  const [, host, owner, name] = match ?? [];
  return host === undefined || owner === undefined || name === undefined ? null : { host, owner, name };
}

/** The ref that a push would have moved; `name` overrides what the working tree is on. */
export async function pushedRef(
  { repository }: WorkingTree,
  { event, ref }: { readonly event: 'push' | 'tag'; readonly ref?: string },
): Promise<GitRef> {
  const name = ref?.replace(/^refs\/(heads|tags)\//, '');
  if (event === 'push') return { kind: 'branch', name: name ?? repository?.branch ?? 'main' };
  const tags = repository === null ? null : await optional(repository.git('tag', '--points-at', 'HEAD'));
  const tag = name ?? tags?.split('\n')[0];
  if (tag === undefined || tag === '') {
    throw new UsageError(
      'tag-unknown',
      'no tag points at this commit: say which one is meant, as in --ref v1.2.0.',
    );
  }
  return { kind: 'tag', name: tag };
}
