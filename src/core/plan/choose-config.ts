import type { Config } from '../config/config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { CONFIG_FILE } from '../config/toolchain-files.ts';
import type { Candidate } from './candidate.ts';

/** Where a commit's config may be. */
export interface Configs {
  /** At the commit; null when it is not there. */
  readonly config: ConfigFile | null;
  /** At the newest commit of the default branch, and of an untrusted candidate's base; null when it is not there. */
  readonly branches: ReadonlyMap<string, BranchConfig>;
}

/** Null when the branch has none. */
export type BranchConfig = ConfigFile | { readonly unreadable: string } | null;

export interface ConfigFile {
  /** Of the blob: equal for equal texts. */
  readonly oid: string;
  readonly text: string;
}

export type ConfigChoice =
  | {
      readonly kind: 'config';
      readonly text: string;
      /** What the default branch says about deploys; null when it says nothing that can be read. */
      readonly rules: Config | null;
    }
  | { readonly kind: 'nothing'; readonly reason: string }
  | { readonly kind: 'unconfigured'; readonly advice: string };

/**
 * Which config counts. An untrusted commit cannot bring its own. A commit without one, by which somebody merges, must not pass for a
 * commit that needs no checks, or deleting the file would be a way round them.
 */
export function chooseConfig(candidate: Candidate, { config, branches }: Configs): ConfigChoice {
  const { trust, base, gated, repository, purpose } = candidate;
  const main = branches.get(repository.defaultBranch) ?? null;
  const own = trust === 'untrusted' ? (branches.get(base ?? '') ?? null) : config;
  if (own !== null && 'unreadable' in own) return { kind: 'unconfigured', advice: own.unreadable };
  if (own !== null) {
    const rules = purpose === 'publish' ? readRules(main) : null;
    return { kind: 'config', text: own.text, rules };
  }
  if (!gated || main === null) return { kind: 'nothing', reason: `the commit has no ${CONFIG_FILE}` };
  if (trust === 'untrusted') {
    return {
      kind: 'unconfigured',
      advice: `The branch ${base} has no ${CONFIG_FILE}: merge ${repository.defaultBranch} into it.`,
    };
  }
  return {
    kind: 'unconfigured',
    advice: `This commit has no ${CONFIG_FILE}: merge ${repository.defaultBranch}, which has one.`,
  };
}

/** A branch cannot give itself a deploy, so the default branch alone decides on those. */
function readRules(main: BranchConfig): Config | null {
  const parsed = main === null || 'unreadable' in main ? null : parseConfig(main.text);
  return parsed?.ok ? parsed.config : null;
}
