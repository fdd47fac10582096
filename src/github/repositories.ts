import type { Repositories } from '../app/github-ports.ts';
import { LIMITS } from '../core/config/limits.ts';
import type { ProjectFiles } from '../core/config/resolved-project.ts';
import type { BranchConfig } from '../core/plan/choose-config.ts';
import { UserError } from '../core/user-error.ts';
import { readChangedFiles } from './changed-files.ts';
import type { GitHubClients } from './clients.ts';
import { type CommitEntry, join, readCommitFiles } from './commit-files.ts';
import { mintToken } from './mint-token.ts';
import { readableText } from './readable-text.ts';
import { createTokenCache } from './token-cache.ts';

export interface RepositoriesOptions {
  /** `.tekton-ci.yml` */
  readonly configFile: string;
  /** Names of the files that decide a project's toolchain. */
  readonly toolchainFiles: readonly string[];
}

/** A run's clone must not outlive its token, however long it waited. */
const MIN_CLONE_TOKEN_LEFT_MS = 30 * 60_000;

/** Reads of repositories, one request each; see the port for what they promise. */
export function createRepositories(clients: GitHubClients, options: RepositoriesOptions): Repositories {
  const { configFile, toolchainFiles } = options;
  const { clock } = clients;
  const cloneTokens = createTokenCache(clock, MIN_CLONE_TOKEN_LEFT_MS);

  return {
    async snapshot(repository, sha, names) {
      const octokit = clients.installation(repository.installationId);
      const asked = {
        repository,
        sha,
        directories: ['.'],
        names: [configFile, ...toolchainFiles],
        branches: { names, file: configFile },
      };
      const { message, directories, branches } = await readCommitFiles(octokit, asked, clock);
      const entries = directories.get('.') ?? new Map<string, CommitEntry>();
      const entry = entries.get(configFile);
      const config = entry === undefined ? null : readableText(configFile, entry, LIMITS.fileBytes);
      const others = new Map([...branches].map(([name, found]) => [name, branchConfig(configFile, found)]));
      // Without a config, its own or another branch's, nothing in the repository is ours to complain about.
      const configured = [config, ...others.values()].some((found) => found !== null);
      return {
        message,
        config,
        root: projectFiles('.', entries, configured ? toolchainFiles : []),
        branches: others,
      };
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

/** Another branch's mistake is told only to whom it concerns. */
function branchConfig(path: string, entry: CommitEntry | null): BranchConfig {
  try {
    return entry === null ? null : readableText(path, entry, LIMITS.fileBytes);
  } catch (error) {
    if (error instanceof UserError) return { unreadable: error.message };
    throw error;
  }
}

/** @throws UserError `config-unreadable` for one of `names` that cannot be read whole. */
function projectFiles(
  directory: string,
  entries: ReadonlyMap<string, CommitEntry>,
  names: readonly string[],
): ProjectFiles {
  const text: Record<string, string> = {};
  for (const name of names) {
    const entry = entries.get(name);
    const file = entry === undefined ? null : readableText(join(directory, name), entry);
    if (file !== null) text[name] = file.text;
  }
  return { entries: [...entries.keys()], text };
}
