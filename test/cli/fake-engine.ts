import type { LogChunk, ObservedRun } from '../../src/app/ports.ts';
import type { LocalEngine } from '../../src/cli/ports.ts';
import type { Run, StepRef } from '../../src/core/pipeline/run.ts';
import type { RunStatus, StepStatus, Verdict } from '../../src/core/pipeline/run-status.ts';
import { sameStep, stepLabel } from '../../src/core/report/step-label.ts';

/** What a step does: what it writes, then how it ends. `hang` ends by being cancelled only. */
export interface FakeStep {
  readonly log?: readonly string[];
  readonly exitCode?: number;
  readonly hang?: 'until cancelled' | 'until killed';
}

export interface FakeEngine extends LocalEngine {
  readonly calls: string[];
}

const EPOCH = Date.UTC(2026, 0, 1);

/**
 * Plays runs by a script: step after step, each a second long. Steps are named by their labels ("test 1.25"); those
 * without an entry succeed and write nothing.
 */
export function createFakeEngine(script: Readonly<Record<string, FakeStep>> = {}): FakeEngine {
  const calls: string[] = [];
  const runs = new Map<string, FakeRun>();
  const watchers = new Set<(run: ObservedRun) => void>();
  const emit = (run: FakeRun) => {
    for (const watcher of watchers) watcher(run.observed());
  };
  return {
    calls,
    async validate() {},
    async submit(run) {
      calls.push(`submit ${run.name}`);
      const fake = playRun(run, script, () => emit(fake));
      runs.set(run.name, fake);
    },
    async watch(onChange, signal) {
      for (const run of runs.values()) onChange(run.observed());
      watchers.add(onChange);
      await new Promise((stopped) => signal.addEventListener('abort', stopped));
      watchers.delete(onChange);
    },
    async release() {},
    async renew() {},
    async annotate() {},
    async answer(name, target, { go }) {
      calls.push(`answer ${target}: ${go}`);
      runs.get(name)?.answer(target);
    },
    async cancel(name, by, why) {
      calls.push(`cancel by ${by}: ${why}`);
      runs.get(name)?.cancel({ by, why });
    },
    async *logs(name, step) {
      const run = runs.get(name);
      if (run !== undefined) yield* run.logs(step);
    },
    async secretValues() {
      return [];
    },
    async remove() {},
    async close() {
      calls.push('close');
    },
    kill() {
      calls.push('kill');
    },
  };
}

interface FakeRun {
  observed(): ObservedRun;
  answer(target: string): void;
  cancel(why: { by: string; why: string }): void;
  logs(step: StepRef): AsyncIterable<LogChunk>;
}

function playRun(run: Run, script: Readonly<Record<string, FakeStep>>, changed: () => void): FakeRun {
  const cancelled = Promise.withResolvers<{ by: string; why: string }>();
  const turns = new Map(
    run.steps.flatMap(({ stage, variant = '' }) =>
      stage === 'deploy' ? [[variant, Promise.withResolvers<void>()] as const] : [],
    ),
  );
  const ended = run.steps.map(() => Promise.withResolvers<void>());
  let status: RunStatus = { phase: 'pending', ahead: 0 };

  async function turn(steps: readonly StepStatus[], target: string): Promise<void> {
    status = { phase: 'running', steps: [...steps], turns: [{ target, since: new Date(EPOCH) }] };
    changed();
    await turns.get(target)?.promise;
  }

  async function play(): Promise<void> {
    // A run starts after it was submitted.
    await Promise.resolve();
    const steps: StepStatus[] = run.steps.map(({ stage, variant }) => ({
      ...(variant === undefined ? { stage } : { stage, variant }),
      state: 'waiting',
    }));
    let verdict: Verdict = 'succeeded';
    let cause: Extract<RunStatus, { phase: 'done' }>['cause'];
    for (const [index, step] of steps.entries()) {
      const { exitCode = 0, hang } = script[stepLabel(step)] ?? {};
      const startedAt = new Date(EPOCH + index * 1000);
      const finishedAt = new Date(EPOCH + index * 1000 + 1000);
      if (verdict === 'succeeded' && step.stage === 'deploy') await turn(steps, step.variant ?? '');
      if (verdict !== 'succeeded') {
        steps[index] = { ...step, state: 'skipped' };
      } else if (hang !== undefined) {
        const by = await (hang === 'until cancelled' ? cancelled.promise : new Promise<never>(() => {}));
        verdict = 'cancelled';
        cause = { kind: 'cancelled', ...by };
        steps[index] = { ...step, state: 'failed', startedAt, finishedAt };
      } else {
        steps[index] = {
          ...step,
          state: exitCode === 0 ? 'succeeded' : 'failed',
          exitCode,
          startedAt,
          finishedAt,
        };
        if (exitCode !== 0) {
          verdict = 'failed';
          cause = { kind: 'step', step: { stage: step.stage }, exitCode };
        }
      }
      status = { phase: 'running', steps: [...steps], turns: [] };
      changed();
      ended[index]?.resolve();
    }
    const finishedAt = new Date(EPOCH + steps.length * 1000);
    status = {
      phase: 'done',
      verdict,
      ...(cause === undefined ? {} : { cause }),
      steps,
      results: {},
      finishedAt,
    };
    changed();
  }
  void play();

  return {
    observed: () => ({ name: run.name, annotations: {}, createdAt: new Date(EPOCH), status }),
    answer: (target) => turns.get(target)?.resolve(),
    cancel: (by) => cancelled.resolve(by),
    async *logs(step) {
      const index = run.steps.findIndex((placed) => sameStep(placed, step));
      if (index > 0) await ended[index - 1]?.promise;
      const mine = status.phase === 'running' ? status.steps[index] : undefined;
      if (mine?.state === 'skipped') return;
      for (const text of script[stepLabel(step)]?.log ?? []) {
        yield { at: new Date(EPOCH), bytes: new TextEncoder().encode(text) };
      }
      await ended[index]?.promise;
    },
  };
}
