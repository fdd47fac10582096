import { z } from 'zod';
import type { Permission, PullRequests, ReadCommit } from '../app/github-ports.ts';
import type { Person, RepositoryRef } from '../core/plan/event.ts';
import type { GitHubClients } from './clients.ts';
import { GitHubRequestError, isUnknownInstallation } from './github-request-error.ts';
import { type AskedPull, type FoundPull, queryPull } from './query-pull.ts';
import { readAnswer } from './read-answer.ts';
import { type SnapshotOptions, snapshotQuery, toSnapshot } from './snapshot.ts';

const PERMISSION = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
const REPLY = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';

/** `permission` is the nearest of GitHub's own four: a custom role counts as what it is based on. */
const permissionAnswer = z.object({
  permission: z.string(),
  user: z.object({ id: z.number() }).nullable(),
});

/** See the port. Who has access is asked of REST where GraphQL refuses it to the app. */
export function createPullRequests(clients: GitHubClients, options: SnapshotOptions): PullRequests {
  const octokitOf = ({ installationId }: RepositoryRef) => clients.installation(installationId);

  async function permission(repository: RepositoryRef, { id, login }: Person): Promise<Permission> {
    const at = { owner: repository.owner, repo: repository.name, username: login };
    const data = await orNull(async () => (await octokitOf(repository).request(PERMISSION, at)).data);
    if (data === null) return 'none';
    const found = readAnswer(permissionAnswer, data, PERMISSION);
    // A login can be given up, and taken by somebody else.
    if (found.user?.id !== id || id === 0) return 'none';
    if (found.permission === 'admin' || found.permission === 'write') return 'write';
    return found.permission === 'read' ? 'read' : 'none';
  }

  /** Null for what is no pull request. */
  async function find(asked: AskedPull): Promise<FoundPull | null> {
    try {
      return await queryPull(octokitOf(asked.repository), asked, clients.clock);
    } catch (error) {
      const refusal = refusalOf(error);
      const less = refusal === null ? null : withoutRefused(asked, refusal);
      if (less !== null) return find(less);
      if (refusal === 404) return null;
      throw error;
    }
  }

  function commitOf(sha: string, found: FoundPull | null): ReadCommit | null {
    const files = found?.files ?? null;
    return files === null ? null : { sha, snapshot: () => toSnapshot(options, files) };
  }

  return {
    permission,
    async read(repository, number, { who, comment, sha }) {
      const files = sha === undefined ? undefined : snapshotQuery(options, sha, [repository.defaultBranch]);
      const found = await find({ repository, number, who, comment, files });
      return {
        pull: found?.pull ?? null,
        permission: found?.permission ?? (await permission(repository, who)),
        commit: sha === undefined ? null : commitOf(sha, found),
      };
    },
    pull: async (repository, number) => (await find({ repository, number }))?.pull ?? null,
    async reply({ installationId, owner, name: repo }, issue_number, body) {
      await clients.installation(installationId).request(REPLY, { owner, repo, issue_number, body });
    },
  };
}

/** How GitHub refused the query; null for any other failure, which is no reason to ask otherwise. */
function refusalOf(error: unknown): 403 | 404 | null {
  if (!(error instanceof GitHubRequestError) || error.route !== '/graphql') return null;
  return error.status === 403 || error.status === 404 ? error.status : null;
}

/** What is left to ask when GitHub has refused the whole query for one part of it; null for nothing. */
function withoutRefused(asked: AskedPull, refusal: 403 | 404): AskedPull | null {
  // Who has access may be refused with all around it.
  if (refusal === 403 && asked.who !== undefined) return { ...asked, who: undefined };
  // A comment can be gone, or its conversation locked, before it is read.
  if (asked.comment !== undefined) return { ...asked, comment: undefined };
  return null;
}

/** Null for what is not there. */
async function orNull(request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof GitHubRequestError && error.status === 404 && !isUnknownInstallation(error))
      return null;
    throw error;
  }
}
