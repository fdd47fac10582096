import type { TurnVerdict } from '../ports.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { readTurns } from './run-notes.ts';

/** What is decided about a turn: an answer, or what it waits for. */
export type TurnDecision = TurnVerdict | { readonly go: 'wait'; readonly for: string };

/**
 * What to say to a run that waits to deploy; pure, from what is known of all runs. Deploys only go forward: a commit
 * that is not the newest planned for the target is refused, whatever became of the newer one.
 */
export function decideTurn(runs: RunIndex, run: KnownRun, target: string): TurnDecision {
  const earlier = readTurns(run)[target];
  if (earlier !== undefined) return earlier;
  const others = [...runs.all()].filter((other) => other.name !== run.name && deploysTo(other, run, target));
  const newer = others.find((other) => comparePushes(other, run) > 0);
  if (newer !== undefined) {
    const { sha } = newer.notes;
    return { go: 'no', reason: `a newer commit, ${sha.slice(0, 7)}, is planned for ${target}` };
  }
  if (run.notes.targets.some(({ to, approve }) => to === target && approve)) {
    return { go: 'wait', for: `Waiting for approval of ${target}` };
  }
  const busy = others.find((other) => isDeploying(other, target));
  if (busy !== undefined) {
    return { go: 'wait', for: `Waiting for ${target}: ${busy.notes.sha.slice(0, 7)} is being deployed` };
  }
  return { go: 'yes' };
}

/** What a run's check says while it waits for a turn; null when it does not. */
export function turnTitle(runs: RunIndex, run: KnownRun): string | null {
  if (run.status.phase !== 'running') return null;
  for (const { target } of run.status.turns) {
    const decision = decideTurn(runs, run, target);
    if (decision.go === 'wait') return decision.for;
  }
  return null;
}

/** Why a run does not deploy where it was planned to, as its other decisions are told. */
export function turnDecisions(run: KnownRun): string[] {
  return Object.entries(readTurns(run)).flatMap(([target, answer]) =>
    answer.go === 'no' ? [`deploy ${target}: no, ${answer.reason}`] : [],
  );
}

/** Whether another run is planned for the same place: the same repository, project and target. */
export function deploysTo(other: KnownRun, { notes }: KnownRun, target: string): boolean {
  return (
    other.notes.repository.id === notes.repository.id &&
    other.notes.project === notes.project &&
    other.notes.targets.some(({ to }) => to === target)
  );
}

/**
 * Above zero when the first run's commit is newer: by the time of its push, and within a second by what came before,
 * or else by which was heard of first. A later attempt of the same commit is as new as the first.
 */
export function comparePushes({ notes: one }: KnownRun, { notes: other }: KnownRun): number {
  if (one.sha === other.sha) return 0;
  const difference = Date.parse(one.pushedAt) - Date.parse(other.pushedAt);
  if (difference !== 0) return difference;
  if (one.before === other.sha) return 1;
  if (other.before === one.sha) return -1;
  return Date.parse(one.receivedAt) - Date.parse(other.receivedAt);
}

/** From its yes until its deploy has ended, which the end of the run is at the latest. */
function isDeploying({ status, ...run }: KnownRun, target: string): boolean {
  if (status.phase === 'done' || readTurns(run)[target]?.go !== 'yes') return false;
  if (status.phase !== 'running') return true;
  const step = status.steps.find(({ stage, variant }) => stage === 'deploy' && variant === target);
  return step === undefined || step.state === 'waiting' || step.state === 'running';
}
