import { keyText, nextGateName, runName } from '../../core/pipeline/names.ts';
import type { RepositoryRef } from '../../core/plan/event.ts';
import type { PlannedRun } from '../../core/plan/plan.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';
import { type GateMember, type GateNotes, readWants } from '../runs/run-notes.ts';
import { runsBeside } from './attempts.ts';
import { candidateOfRun } from './candidate-of-run.ts';
import { planProjects } from './plan-commit.ts';
import { actOn } from './start-candidate.ts';
import { makeRuns, type StartPorts } from './start-plan.ts';

export interface RerunPorts extends StartPorts {
  readonly runs: RunIndex;
}

/** Runs of one commit and purpose that are to be run again. */
export interface RerunRequest {
  /** As it is now: it may have been renamed, or given to somebody else, since they were made. */
  readonly repository: RepositoryRef;
  readonly again: readonly KnownRun[];
  /** The delivery that asks. */
  readonly asked: string;
  /** Who asks: a login, for the decisions. */
  readonly by: string;
}

/**
 * Makes the next attempt of each run from the same commit, and of their gate. An attempt follows from the run before it, so a click that
 * is delivered twice, or comes after another one, makes one. Resolves with the runs that are tried again.
 */
export async function rerun(
  ports: RerunPorts,
  { repository, again, asked, by }: RerunRequest,
): Promise<readonly KnownRun[]> {
  const wanted = again.filter((run) => run.notes.asked !== asked && !hasNext(ports.runs, run));
  const [first] = wanted;
  if (first === undefined) return [];
  const candidate = { ...candidateOfRun(first, first.key.attempt + 1, repository), deliveryId: asked };
  const names = wanted.map(({ key }) => key.project);
  const receivedAt = ports.clock.now();
  await actOn(ports, candidate, {
    plan: () => planProjects(ports, candidate, { names, reason: `runs: ${by} asked for it again` }),
    async start(own, { plan, title }) {
      const runs = plan.projects.filter((project) => project.runs).map((run) => asNext(run, wanted));
      const gate = nextGate(ports.runs, first, { runs, repository });
      const wants = readWants(first);
      await makeRuns(own, candidate, { runs, gate, title, receivedAt, asked, wants });
    },
  });
  return wanted;
}

function hasNext(runs: RunIndex, { notes, key }: KnownRun): boolean {
  const next = keyText({ ...key, attempt: key.attempt + 1 });
  return runs.ofCommit(notes.repository.id, notes.sha).some((other) => keyText(other.key) === next);
}

/** Projects of one commit may have been run again before, and not as often. */
function asNext(run: PlannedRun, again: readonly KnownRun[]): PlannedRun {
  const before = again.find(({ key }) => key.project === run.key.project);
  return { ...run, key: { ...run.key, attempt: (before?.key.attempt ?? 0) + 1 } };
}

/** A completed check cannot be opened again, so the gate is a new one, with the newest attempt of every project. */
function nextGate(
  index: RunIndex,
  first: KnownRun,
  { runs, repository }: { readonly runs: readonly PlannedRun[]; readonly repository: RepositoryRef },
): GateNotes | null {
  const { newest } = runsBeside(index, first);
  const gates = newest.flatMap(({ notes }) => notes.gate ?? []);
  const last = gates.reduce<GateNotes | null>(
    (best, gate) => (best !== null && best.attempt > gate.attempt ? best : gate),
    null,
  );
  const keeper = runs[0];
  if (last === null || keeper === undefined) return null;
  const attempt = last.attempt + 1;
  const name = (run: PlannedRun) => runName(repository.name, run.key);
  const names = new Map([
    ...newest.map((run) => [run.notes.project, run.name] as const),
    ...runs.map((run) => [run.name, name(run)] as const),
  ]);
  const members = last.members.map((member): GateMember => {
    const run = names.get(member.project);
    return run === undefined ? member : { project: member.project, run };
  });
  const externalId = nextGateName({ ...keeper.key, attempt });
  return { checkName: last.checkName, externalId, attempt, keeper: name(keeper), members };
}
