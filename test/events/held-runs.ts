import type { RunName } from '../../src/core/pipeline/run.ts';
import type { Verdict } from '../../src/core/pipeline/run-status.ts';

/** How the runs of an engine end: each is held in its first step until that is said. */
export interface HeldRuns {
  /** For the engine's steps: the exit code of one, once its run may go on. */
  exitCode(run: RunName, step: string): Promise<number>;
  /** Whether any step of the run has begun. */
  hasBegun(run: RunName): boolean;
  /** Calls it for each run whose first step begins from now on. */
  onBegin(listener: (run: RunName) => void): void;
  end(run: RunName, verdict: Verdict): void;
}

export function createHeldRuns(): HeldRuns {
  const verdicts = new Map<RunName, PromiseWithResolvers<Verdict>>();
  const begun = new Set<RunName>();
  const listeners: ((run: RunName) => void)[] = [];

  function verdictOf(run: RunName): PromiseWithResolvers<Verdict> {
    const known = verdicts.get(run) ?? Promise.withResolvers<Verdict>();
    verdicts.set(run, known);
    return known;
  }

  return {
    async exitCode(run, step) {
      if (!begun.has(run)) {
        begun.add(run);
        for (const tell of listeners) tell(run);
      }
      const verdict = await verdictOf(run).promise;
      return verdict === 'failed' && step === 'test' ? 1 : 0;
    },
    hasBegun: (run) => begun.has(run),
    onBegin: (listener) => void listeners.push(listener),
    end: (run, verdict) => verdictOf(run).resolve(verdict),
  };
}
