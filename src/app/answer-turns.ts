import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { comparePushes, decideTurn } from './decide-turn.ts';
import type { Clock, Engine, Log } from './ports.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { readTurns, type TurnAnswers } from './run-notes.ts';

export interface TurnPorts {
  readonly engine: Pick<Engine, 'answer' | 'annotate'>;
  readonly runs: RunIndex;
  readonly clock: Clock;
  readonly log: Log;
  /** Called before a deploy may begin: what it needs to clone is made fresh. */
  readonly prepare: (run: KnownRun) => Promise<void>;
  /** Called for a run that has to wait: its check says for what. */
  readonly onWait: (name: RunName) => void;
}

/** Answers the turns that runs wait for. */
export interface TurnAnswerer {
  /** Looks at every turn again, soon: a run came, moved on or ended. */
  look(): void;
}

/** After an answer that failed. */
const RETRY_MS = 5_000;

interface Answering extends TurnPorts {
  readonly signal: AbortSignal;
  /** By run: the targets that the engine was told of by this process. */
  readonly answered: Map<RunName, Set<string>>;
  again: boolean;
  working: boolean;
}

/**
 * See `TurnAnswerer`. A yes is written on the run before it is given, so that after a crash the target is known to be
 * taken, or to have been deployed to; no two answers are decided at a time.
 */
export function createTurnAnswerer(ports: TurnPorts, signal: AbortSignal): TurnAnswerer {
  const answering: Answering = { ...ports, signal, answered: new Map(), again: false, working: false };
  return { look: () => look(answering) };
}

function look(answering: Answering): void {
  answering.again = true;
  if (answering.working) return;
  answering.working = true;
  queueMicrotask(() => void work(answering));
}

async function work(answering: Answering): Promise<void> {
  while (answering.again && !answering.signal.aborted) {
    answering.again = false;
    forgetEnded(answering);
    for (const { run, target } of waitingTurns(answering.runs)) {
      await answer(answering, { run: answering.runs.get(run.name) ?? run, target });
    }
  }
  answering.working = false;
}

function forgetEnded({ answered, runs }: Answering): void {
  for (const name of answered.keys()) {
    const run = runs.get(name);
    if (run === undefined || run.status.phase === 'done') answered.delete(name);
  }
}

interface Turn {
  readonly run: KnownRun;
  readonly target: string;
}

/** Newest first, so that an older one is told no at once instead of being let through. */
function waitingTurns(runs: RunIndex): Turn[] {
  const waiting = [...runs.live()].flatMap((run) =>
    run.status.phase === 'running' ? run.status.turns.map(({ target }) => ({ run, target })) : [],
  );
  return waiting.sort((one, other) => comparePushes(other.run, one.run));
}

async function answer(answering: Answering, turn: Turn): Promise<void> {
  const { answered, runs, log } = answering;
  const { run, target } = turn;
  const targets = answered.get(run.name) ?? new Set();
  if (targets.has(target)) return;
  const decision = decideTurn(runs, run, target);
  if (decision.go === 'wait') return answering.onWait(run.name);
  try {
    await give(answering, turn, decision);
    answered.set(run.name, targets.add(target));
  } catch (error) {
    log.warn({ err: error, run: run.name, target }, 'turn not answered, will try again');
    void lookLater(answering);
  }
}

async function give(
  { engine, runs, log, prepare }: Answering,
  { run, target }: Turn,
  decision: TurnAnswers[string],
): Promise<void> {
  const earlier = readTurns(run);
  if (earlier[target] === undefined) {
    const answers: TurnAnswers = { ...earlier, [target]: decision };
    const annotations = { [ANNOTATION.turns]: JSON.stringify(answers) };
    await engine.annotate(run.name, annotations);
    runs.annotated(run.name, annotations);
    log.info({ run: run.name, target, ...decision }, 'turn answered');
  }
  if (decision.go === 'yes') await prepare(run);
  await engine.answer(run.name, target, decision);
}

async function lookLater(answering: Answering): Promise<void> {
  await answering.clock.sleep(RETRY_MS, answering.signal).then(
    () => look(answering),
    () => {},
  );
}
