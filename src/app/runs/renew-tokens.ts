import type { Repositories } from '../github-ports.ts';
import type { Clock, Engine, Log } from '../ports.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import type { SecretRegister } from './secret-register.ts';

export interface RenewPorts {
  readonly engine: Pick<Engine, 'renew'>;
  readonly repositories: Pick<Repositories, 'cloneToken'>;
  readonly runs: RunIndex;
  readonly secrets: SecretRegister;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Keeps the git tokens of live runs fit for a clone, however long they wait. */
export interface TokenKeeper {
  /** The token that came with a run lives until then. */
  given(name: string, expiresAt: Date): void;
  /** Gives a run another token when its own will not do for a clone. */
  renew(run: KnownRun): Promise<void>;
  /** The same for every live run; one that fails is tried again the next time. */
  renewAll(): Promise<void>;
}

/** A clone has to begin and to end within it. */
const MIN_LEFT_MS = 15 * 60_000;

/** See `TokenKeeper`. Of a run that an earlier process made it is not known how long its token lives: it gets another. */
export function createTokenKeeper(ports: RenewPorts): TokenKeeper {
  const { engine, repositories, runs, secrets, clock, log } = ports;
  const ends = new Map<string, number>();

  async function renew(run: KnownRun): Promise<void> {
    const { name, notes } = run;
    if ((ends.get(name) ?? 0) - clock.now().getTime() >= MIN_LEFT_MS) return;
    const token = await repositories.cloneToken(runs.repositoryOf(run), notes.trust);
    secrets.add(token.token, token.expiresAt);
    // The clone step asks at the address that the run was made with.
    await engine.renew(name, { git: { url: notes.repository.cloneUrl, ...token } });
    ends.set(name, token.expiresAt.getTime());
  }

  return {
    given: (name, expiresAt) => void ends.set(name, expiresAt.getTime()),
    renew,
    async renewAll() {
      const live = new Set([...runs.live()].map(({ name }) => name));
      for (const name of ends.keys()) if (!live.has(name)) ends.delete(name);
      for (const run of [...runs.live()]) {
        await renew(run).catch((error: unknown) => {
          log.warn({ err: error, run: run.name }, "a run's git token was not renewed");
        });
      }
    },
  };
}
