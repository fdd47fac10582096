import type { CommitSnapshot } from '../app/github-ports.ts';
import { LIMITS } from '../core/config/limits.ts';
import type { ProjectFiles } from '../core/config/resolved-project.ts';
import type { BranchConfig } from '../core/plan/choose-config.ts';
import { UserError } from '../core/user-error.ts';
import { type CommitEntry, type CommitFiles, type CommitFilesQuery, join } from './commit-files.ts';
import { readableText } from './readable-text.ts';

export interface SnapshotOptions {
  /** `.tekton-ci.yml` */
  readonly configFile: string;
  /** Names of the files that decide a project's toolchain. */
  readonly toolchainFiles: readonly string[];
}

/** What a snapshot of a commit needs, with the config of these branches. */
export function snapshotQuery(
  { configFile, toolchainFiles }: SnapshotOptions,
  sha: string,
  branches: readonly string[],
): CommitFilesQuery {
  const names = [configFile, ...toolchainFiles];
  return { sha, directories: ['.'], names, branches: { names: branches, file: configFile } };
}

/** @throws UserError `config-unreadable` when the config is truncated, binary or a symlink. */
export function toSnapshot(
  { configFile, toolchainFiles }: SnapshotOptions,
  { message, directories, branches }: CommitFiles,
): CommitSnapshot {
  const entries = directories.get('.') ?? new Map<string, CommitEntry>();
  const entry = entries.get(configFile);
  const config = entry === undefined ? null : readableText(configFile, entry, LIMITS.fileBytes);
  const others = new Map([...branches].map(([name, found]) => [name, branchConfig(configFile, found)]));
  // Without a config, its own or another branch's, nothing in the repository is ours to complain about.
  const configured = [config, ...others.values()].some((found) => found !== null);
  const root = projectFiles('.', entries, configured ? toolchainFiles : []);
  return { message, config, root, branches: others };
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
export function projectFiles(
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
