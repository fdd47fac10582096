import { gateName, nextGateName } from '../../core/pipeline/names.ts';
import type { ButtonEvent, ClickedCheck, RerunEvent } from '../../core/plan/event.ts';
import type { ExistingCheck } from '../github-ports.ts';
import type { KnownRun } from '../runs/run-index.ts';
import { type CommitRuns, notGreenOf, runsOfCommit } from '../starts/attempts.ts';
import { rerun } from '../starts/rerun.ts';
import { rerunReport } from '../starts/rerun-report.ts';
import type { ActingPorts } from './handle-event.ts';

/**
 * Runs again what somebody clicked: one project's check, what is not green of a gate, or of all of a commit. A check that is not
 * completed is left alone.
 */
export async function onRerun(ports: ActingPorts, event: RerunEvent | ButtonEvent): Promise<void> {
  const { repository, sha, check, deliveryId, sender } = event;
  const log = ports.log.child({ delivery: deliveryId, sha, login: sender.login });
  if (check?.completed === false) return log.info({}, 're-run ignored: the check is not completed');
  await ports.inTurn(`${repository.id}/${sha}`, async () => {
    const all = runsOfCommit(ports.runs, repository.id, sha);
    const wanted =
      check === null ? all.map((runs) => notGreenOrAll(ports, all, runs)) : [clicked(ports, all, check)];
    const found = wanted.filter((again) => again.length > 0);
    if (!(await mayRerun(ports, event, found.flat()))) return log.info({}, 're-run refused: no write access');
    for (const again of found) await rerun(ports, { repository, again, asked: deliveryId, by: sender.login });
    if (all.length === 0 || (found.length === 0 && check !== null)) await rerunReports(ports, event);
  });
}

/** Of a whole commit, the newest check of each name. */
async function rerunReports(ports: ActingPorts, event: RerunEvent | ButtonEvent): Promise<void> {
  const { repository, sha, check } = event;
  const listed = check === null ? await ports.checks.list(repository, sha) : [];
  const newest = new Map(listed.toSorted((a, b) => a.id - b.id).map((one) => [one.name, one]));
  const clicked = check === null ? [...newest.values()].map(toClicked) : [check];
  for (const one of clicked) await rerunReport(ports, { ...event, check: one });
}

function toClicked({ id, name, externalId, status }: ExistingCheck): ClickedCheck {
  return { id, name, externalId, completed: status === 'completed' };
}

/** Write access, or one's own pull request that has been run before, so that somebody had approved it. */
async function mayRerun(
  { pullRequests }: ActingPorts,
  { repository, sender }: RerunEvent | ButtonEvent,
  again: readonly KnownRun[],
): Promise<boolean> {
  if (sender.bot) return false;
  if (again.length > 0 && again.every(({ notes }) => notes.author === sender.id)) return true;
  return (await pullRequests.permission(repository, sender)) === 'write';
}

/** Of a whole commit: what is not green; everything when all of it is. */
function notGreenOrAll(
  { runs }: Pick<ActingPorts, 'runs'>,
  all: readonly CommitRuns[],
  own: CommitRuns,
): readonly KnownRun[] {
  const red = notGreenOf(runs, own);
  if (red.length > 0) return red;
  const isGreen = all.every(({ newest }) =>
    newest.every(({ status }) => status.phase === 'done' && status.verdict === 'succeeded'),
  );
  return isGreen ? own.newest : [];
}

/** The run of the check, or what is not green of the gate. */
function clicked(
  { runs }: Pick<ActingPorts, 'runs'>,
  all: readonly CommitRuns[],
  { externalId }: ClickedCheck,
): readonly KnownRun[] {
  const run = runs.get(externalId);
  if (run !== undefined) return [run];
  const own = all.find(({ newest }) => newest.some((member) => isOfGate(member, externalId)));
  if (own === undefined) return [];
  const red = notGreenOf(runs, own);
  const isNewest = own.newest.some(({ notes }) => notes.gate?.externalId === externalId);
  return red.length > 0 || !isNewest ? red : own.newest;
}

/** The gate of the run, or an older one of the same commit and purpose. */
function isOfGate({ key, notes: { gate } }: KnownRun, externalId: string): boolean {
  if (gate === null) return false;
  const attempts = Array.from({ length: gate.attempt }, (_, index) => index + 1);
  return attempts.some((attempt) =>
    [gateName, nextGateName].some((name) => name({ ...key, attempt }) === externalId),
  );
}
