import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import type { RunName } from '../../core/pipeline/run.ts';
import { createRests, type Rests } from '../back-off.ts';
import type { Clock, Engine, Log } from '../ports.ts';
import { comparePushes, decideTurn } from './decide-turn.ts';
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
const BACK_OFF = { firstMs: 5_000, longestMs: 300_000 };

interface Answering extends TurnPorts {
  readonly signal: AbortSignal;
  readonly rests: Rests;
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
  const rests = createRests({ ...BACK_OFF, clock: ports.clock, signal, onRested: () => look(answering) });
  const answering: Answering = {
    ...ports,
    signal,
    rests,
    answered: new Map(),
    again: false,
    working: false,
  };
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

function forgetEnded({ answered, rests, runs }: Answering): void {
  const isOver = (name: RunName) => (runs.get(name)?.status.phase ?? 'done') === 'done';
  for (const name of answered.keys()) if (isOver(name)) answered.delete(name);
  for (const key of rests.keys()) if (isOver(key.slice(0, key.indexOf(' ')))) rests.forget(key);
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
  const { answered, rests, runs, log } = answering;
  const { run, target } = turn;
  const targets = answered.get(run.name) ?? new Set();
  const key = `${run.name} ${target}`;
  if (targets.has(target) || rests.isResting(key)) return;
  const decision = decideTurn(runs, run, target);
  if (decision.go === 'wait') return answering.onWait(run.name);
  try {
    await give(answering, turn, decision);
    answered.set(run.name, targets.add(target));
    rests.forget(key);
  } catch (error) {
    log.warn({ err: error, run: run.name, target }, 'turn not answered, will try again');
    rests.failed(key, error);
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
