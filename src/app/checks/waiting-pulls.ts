import { waitingPull } from '../../core/pipeline/names.ts';
import type { RunName } from '../../core/pipeline/run.ts';
import { checkName } from '../../core/plan/check-name.ts';
import type { Checks, PullRequests } from '../github-ports.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';

export interface WaitingPullsPorts {
  readonly checks: Pick<Checks, 'list'>;
  readonly pullRequests: Pick<PullRequests, 'pull'>;
  readonly runs: RunIndex;
}

/** Several pull requests may have one commit as head: none may pass for the others that nobody has looked at. */
export interface WaitingPulls {
  /**
   * Bases of other open pull requests with the commit of a stranger's run that wait for an approval. One request, and one for each of
   * them; asked once until it is forgotten.
   */
  bases(run: KnownRun): Promise<readonly string[]>;
  forget(name: RunName): void;
}

/**
 * See `WaitingPulls`. GitHub is asked in the end of a run, not when it is made: another pull request may be opened meanwhile, and be told
 * to wait before the run has its check, which then is the one that GitHub shows.
 */
export function createWaitingPulls(ports: WaitingPullsPorts): WaitingPulls {
  const asked = new Map<RunName, Promise<readonly string[]>>();
  return {
    bases(run) {
      const known = asked.get(run.name);
      if (known !== undefined) return known;
      const asking = askBases(ports, run);
      asked.set(run.name, asking);
      asking.catch(() => asked.delete(run.name));
      return asking;
    },
    forget: (name) => void asked.delete(name),
  };
}

async function askBases(
  { checks, pullRequests, runs }: WaitingPullsPorts,
  run: KnownRun,
): Promise<readonly string[]> {
  const { ref, sha } = run.notes;
  if (run.key.trust === 'trusted' || ref.kind !== 'pull') return [];
  const repository = runs.repositoryOf(run);
  const ours = await checks.list(repository, sha, checkName({}));
  const numbers = ours.flatMap(({ externalId }) => waitingPull(externalId) ?? []);
  const others = [...new Set(numbers)].filter((number) => String(number) !== ref.name);
  const pulls = await Promise.all(others.map((number) => pullRequests.pull(repository, number)));
  const open = pulls.flatMap((pull) => (pull?.open === true && pull.sha === sha ? [pull.base] : []));
  return [...new Set(open)].filter((base) => base !== run.key.base);
}
