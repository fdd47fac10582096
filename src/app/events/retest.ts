import { refusal } from '../../core/commands/refusal.ts';
import { code } from '../../core/report/markdown.ts';
import type { KnownRun } from '../runs/run-index.ts';
import { type CommitRuns, notGreenOf, runsOfCommit } from '../starts/attempts.ts';
import { rerun } from '../starts/rerun.ts';
import { runCandidate } from '../starts/run-candidate.ts';
import { type Asked, askedCandidate } from './asked.ts';
import type { ActingPorts } from './handle-event.ts';

/** Runs a pull request's newest commit again: a project, or what is not green. Resolves with the answer when it does not. */
export async function retest(
  ports: ActingPorts,
  asked: Asked,
  project: string | null,
): Promise<string | null> {
  const { repository, pull, permission, sender, deliveryId } = asked;
  const all = runsOfPull(ports, asked);
  const isOwnApproved = pull.author.id === sender.id && all.length > 0;
  if (permission !== 'write' && !isOwnApproved) {
    return refusal('retest', 'write access');
  }
  if (all.length === 0) return startFirst(ports, asked);
  const newest = all.flatMap((runs) => runs.newest);
  // Told once more, of what is done.
  if (newest.some(({ notes }) => notes.asked === deliveryId)) return null;
  const again =
    project === null
      ? notGreenOrAll(ports, all, newest)
      : newest.filter(({ key }) => key.project === project);
  if (again.length === 0) return nothingToRetest(newest, project);
  if (again.some(({ status }) => status.phase !== 'done')) return 'It is still running.';
  await ports.inTurn(`${repository.id}/${pull.sha}`, async () => {
    for (const { newest: own } of all) {
      const mine = again.filter((run) => own.includes(run));
      await rerun(ports, { repository, again: mine, asked: deliveryId, by: sender.login });
    }
  });
  return null;
}

/** Those that were made for pull requests and branches. */
function runsOfPull({ runs }: ActingPorts, { repository, pull }: Asked): readonly CommitRuns[] {
  return runsOfCommit(runs, repository.id, pull.sha).filter(({ newest }) =>
    newest.every(({ key }) => key.purpose === 'verify'),
  );
}

function notGreenOrAll(
  { runs }: ActingPorts,
  all: readonly CommitRuns[],
  newest: readonly KnownRun[],
): readonly KnownRun[] {
  const red = all.flatMap((own) => notGreenOf(runs, own));
  if (red.length > 0) return red;
  return newest.every(({ status }) => status.phase === 'done') ? newest : [];
}

function nothingToRetest(newest: readonly KnownRun[], project: string | null): string {
  if (project === null) return 'It is still running.';
  const names = newest.map(({ key }) => code(key.project)).join(', ');
  return `No project ${code(project)} ran for this commit; these did: ${names}.`;
}

/** Its event was lost, or there was nothing to run. */
async function startFirst(ports: ActingPorts, asked: Asked): Promise<string | null> {
  const { pull, deliveryId } = asked;
  const candidate = askedCandidate(asked, ports.settings.bots);
  if (candidate.ref.kind === 'pull') {
    return `Nobody has approved ${pull.sha} yet: ${code(`/tekton-ci approve ${pull.sha}`)}`;
  }
  await runCandidate(ports, { ...candidate, filtered: false }, deliveryId);
  return null;
}
