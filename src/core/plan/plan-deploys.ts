import picomatch from 'picomatch';
import type { DeployTarget } from '../config/config.ts';
import type { RunKey } from './run-key.ts';

export interface PlannedDeploys {
  /** In the order of the config. */
  readonly targets: readonly DeployTarget[];
  /** One for each target of the config. */
  readonly decisions: readonly string[];
}

export interface DeployFacts {
  /** The branch that was pushed; a tag's run goes by its key. */
  readonly branch: string;
  /** The targets as the default branch has them: what they are for is not for a commit to say. */
  readonly rules: readonly DeployTarget[];
}

/**
 * Which targets a run deploys to, and why each. Only trusted runs of the default branch and of tags deploy; `only` chooses among
 * those, and without it a tag deploys nothing. Whether a target exists, its `only` and its `approve` are the default branch's.
 */
export function planDeploys(
  targets: readonly DeployTarget[],
  key: Pick<RunKey, 'purpose' | 'trust' | 'tag'>,
  { branch, rules }: DeployFacts,
): PlannedDeploys {
  const choices = targets.map((own) => {
    const rule = rules.find(({ to }) => to === own.to);
    const target = rule === undefined ? own : ruled(own, rule);
    return { target, ...choose(target, key, { branch, ruled: rule !== undefined }) };
  });
  return {
    targets: choices.flatMap(({ target, runs }) => (runs ? [target] : [])),
    decisions: choices.map(
      ({ target, runs, because }) => `deploy ${target.to}: ${runs ? 'runs' : 'no'}, ${because}`,
    ),
  };
}

function ruled({ only: _only, ...own }: DeployTarget, { only, approve }: DeployTarget): DeployTarget {
  return { ...own, approve, ...(only && { only }) };
}

function choose(
  { only, approve }: DeployTarget,
  { purpose, trust, tag }: Pick<RunKey, 'purpose' | 'trust' | 'tag'>,
  { branch, ruled }: { readonly branch: string; readonly ruled: boolean },
): { readonly runs: boolean; readonly because: string } {
  if (trust === 'untrusted') return { runs: false, because: 'the run is untrusted' };
  if (purpose === 'verify') {
    return { runs: false, because: 'only runs of the default branch and of tags deploy' };
  }
  if (!ruled) return { runs: false, because: "the default branch's config has no such target" };
  const ref = tag ?? branch;
  const isWanted = only === undefined ? tag === null : ref !== '' && picomatch([...only], { dot: true })(ref);
  if (!isWanted) {
    const wanted = only === undefined ? 'the default branch' : only.join(', ');
    return { runs: false, because: `${ref} is not what it deploys: ${wanted}` };
  }
  return { runs: true, because: approve ? `${ref} matches; it waits for an approval` : `${ref} matches` };
}
