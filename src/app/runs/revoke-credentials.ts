import type { RunName } from '../../core/pipeline/run.ts';
import type { Engine } from '../ports.ts';
import type { KnownRun } from './run-index.ts';

/** Takes the credentials of runs away that have ended. */
export interface Revoker {
  /** Once for each run; nothing happens to one that goes on. Rejects when it has to be tried again. */
  revoke(run: KnownRun): Promise<void>;
  /** That run will not be asked for any more. */
  forget(name: RunName): void;
}

/**
 * See `Revoker`. A run is asked for before its check is completed and for as long as that was not remembered, so that no crash leaves its
 * credentials behind, and a run that was done with by an earlier process costs nothing.
 */
export function createRevoker(engine: Pick<Engine, 'revoke'>): Revoker {
  const revoked = new Set<RunName>();
  return {
    async revoke({ name, status }) {
      if (status.phase !== 'done' || revoked.has(name)) return;
      await engine.revoke?.(name);
      revoked.add(name);
    },
    forget: (name) => void revoked.delete(name),
  };
}
