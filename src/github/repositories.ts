import type { Repositories } from '../app/github-ports.ts';
import { LIMITS } from '../core/config/limits.ts';
import { readChangedFiles } from './changed-files.ts';
import type { GitHubClients } from './clients.ts';
import { readCommitFiles } from './commit-files.ts';
import { readLineCounts } from './line-counts.ts';
import { mintToken } from './mint-token.ts';
import { projectFiles, type SnapshotOptions, snapshotQuery, toSnapshot } from './snapshot.ts';
import { createTokenCache } from './token-cache.ts';

/** A run's clone must not outlive its token, however long it waited. */
const MIN_CLONE_TOKEN_LEFT_MS = 30 * 60_000;

/** Reads of repositories, one request each; see the port for what they promise. */
export function createRepositories(clients: GitHubClients, options: SnapshotOptions): Repositories {
  const { toolchainFiles } = options;
  const { clock } = clients;
  const cloneTokens = createTokenCache(clock, MIN_CLONE_TOKEN_LEFT_MS);

  return {
    async snapshot(repository, sha, names) {
      const octokit = clients.installation(repository.installationId);
      const asked = { repository, ...snapshotQuery(options, sha, names) };
      return toSnapshot(options, await readCommitFiles(octokit, asked, clock));
    },

    async projectFiles(repository, sha, paths) {
      if (paths.length === 0) return new Map();
      if (paths.length > LIMITS.projects)
        throw new RangeError(`at most ${LIMITS.projects} directories are read at once`);
      const octokit = clients.installation(repository.installationId);
      const asked = { repository, sha, directories: paths, names: toolchainFiles };
      const { directories } = await readCommitFiles(octokit, asked, clock);
      return new Map(
        [...directories].map(([path, entries]) => [path, projectFiles(path, entries, toolchainFiles)]),
      );
    },

    async lineCounts(repository, sha, paths) {
      const octokit = clients.installation(repository.installationId);
      return readLineCounts(octokit, { repository, sha, paths }, clock);
    },

    async changedFiles(repository, base, head) {
      return readChangedFiles(clients.installation(repository.installationId), repository, { base, head });
    },

    async cloneToken({ installationId, id }, trust) {
      return cloneTokens.get(`${installationId}/${id}/${trust}`, () =>
        mintToken(clients.app(), installationId, { repository_ids: [id], permissions: { contents: 'read' } }),
      );
    },
  };
}
