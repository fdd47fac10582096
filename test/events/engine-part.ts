import { EventEmitter, once } from 'node:events';
import type { Engine, ObservedRun } from '../../src/app/ports.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import { keyOfText } from '../../src/core/pipeline/names.ts';
import type { RunName } from '../../src/core/pipeline/run.ts';
import type { Verdict } from '../../src/core/pipeline/run-status.ts';
import type { RunKey } from '../../src/core/plan/run-key.ts';
import { settled } from '../app/fakes/fake-clock.ts';
import type { HeldRuns } from './held-runs.ts';

/** What a real engine does for one repository. */
export interface EnginePart {
  readonly repositoryId: number;
  /** Where its runs are made. */
  readonly namespace: string;
  readonly engine: Engine;
  /** Those that were made, in order. */
  readonly runs: ReadonlyMap<RunName, RunKey>;
  /** The engine told of a run of the repository. */
  told(run: ObservedRun): void;
  /** A run's first step has begun. */
  begun(run: RunName): void;
  /** Ends the runs that go on, or those of them that are of this commit and project. */
  end(verdict: Verdict, sha?: string, project?: string): void;
  /** Resolves once nothing more happens by itself; rejects when that takes too long. */
  quiet(): Promise<void>;
  /** Removes its runs: an engine with ten thousand of them is a slow one. */
  clear(): Promise<void>;
}

/** Without any news. */
const DEADLINE_MS = 60_000;

/** Nothing happens by itself once every call has ended, and the engine has told of all that follows from each. */
export function createEnginePart(
  engine: Engine,
  { held, ...place }: Pick<EnginePart, 'repositoryId' | 'namespace'> & { readonly held: HeldRuns },
): EnginePart {
  const runs = new Map<RunName, RunKey>();
  const known = new Map<RunName, ObservedRun>();
  const listeners = new Set<(run: ObservedRun) => void>();
  /** What has to be so before it is quiet, by what it is. */
  const owed = new Map<object, { readonly what: string; readonly isSo: () => boolean }>();
  /** Names of the runs whose logs are being read. */
  const read = new Map<object, RunName>();
  const changes = new EventEmitter();
  let changed = 0;

  const isDone = (name: RunName) => known.get(name)?.status.phase === 'done';

  function notice(): void {
    for (const [debt, { isSo }] of owed) if (isSo()) owed.delete(debt);
    changed += 1;
    changes.emit('change');
  }

  function owe(what: string, isSo: () => boolean): object {
    const debt = {};
    owed.set(debt, { what, isSo });
    return debt;
  }

  /** Empty when it is quiet; logs end with their run. */
  function missing(): readonly string[] {
    const logs = [...read.values()].filter(isDone).map((name) => `the end of the logs of ${name}`);
    return [...[...owed.values()].map(({ what }) => what), ...logs];
  }

  /** A call of the engine, and what the engine tells of it sooner or later. */
  async function call(what: string, act: () => Promise<void>, isTold: () => boolean = () => true) {
    const call = owe(what, () => false);
    const news = owe(`news of ${what}`, isTold);
    try {
      await act();
    } catch (error) {
      owed.delete(news);
      throw error;
    } finally {
      owed.delete(call);
      notice();
    }
  }

  return {
    ...place,
    runs,
    engine: {
      validate: (run) => call(`validate ${run.name}`, () => engine.validate(run)),
      async submit(run, credentials) {
        const { name, key } = run;
        await call(
          `submit ${name}`,
          () => engine.submit(run, credentials),
          () => known.has(name),
        );
        runs.set(name, key);
      },
      release: (name) =>
        call(
          `release ${name}`,
          () => engine.release(name),
          () => held.hasBegun(name) || isDone(name),
        ),
      renew: (name, credentials) => call(`renew ${name}`, () => engine.renew(name, credentials)),
      revoke: (name) => call(`revoke ${name}`, async () => engine.revoke?.(name)),
      annotate: (name, annotations) =>
        call(
          `annotate ${name}`,
          () => engine.annotate(name, annotations),
          () => {
            const told = known.get(name)?.annotations ?? {};
            return Object.entries(annotations).every(([key, value]) => told[key] === value);
          },
        ),
      answer: (name, target, verdict) => call(`answer ${name}`, () => engine.answer(name, target, verdict)),
      cancel: (name, by, why) =>
        call(
          `cancel ${name}`,
          () => engine.cancel(name, by, why),
          () => isDone(name),
        ),
      secretValues: (name) => engine.secretValues(name),
      remove: (name) => call(`remove ${name}`, () => engine.remove(name)),
      async *logs(name, step, signal) {
        const reader = {};
        read.set(reader, name);
        try {
          yield* engine.logs(name, step, signal);
        } finally {
          read.delete(reader);
          notice();
        }
      },
      async watch(onChange, signal, onListed) {
        for (const run of known.values()) onChange(run);
        onListed?.();
        listeners.add(onChange);
        await once(signal, 'abort');
        listeners.delete(onChange);
      },
    },
    told(run) {
      known.set(run.name, run);
      for (const tell of listeners) tell(run);
      notice();
    },
    begun(run) {
      if (known.has(run)) notice();
    },
    end(verdict, sha, project) {
      for (const { name, annotations } of known.values()) {
        const key = keyOfText(annotations[ANNOTATION.key] ?? '');
        const isMeant =
          (sha === undefined || key?.sha === sha) && (project === undefined || key?.project === project);
        if (!isMeant || isDone(name)) continue;
        held.end(name, verdict);
        owe(`end of ${name}`, () => isDone(name));
      }
    },
    async clear() {
      for (const name of runs.keys()) await engine.remove(name);
    },
    async quiet() {
      for (;;) {
        const before = changed;
        await settled();
        if (changed !== before) continue;
        if (missing().length === 0) return;
        await once(changes, 'change', { signal: AbortSignal.timeout(DEADLINE_MS) }).catch(() => {
          throw new Error(`still waiting for ${missing().join(', ')}`);
        });
      }
    },
  };
}
