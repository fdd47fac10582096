import type { OperatorSettings } from '../core/settings/settings.ts';
import { type AdmitLimits, createAdmission } from './admit-runs.ts';
import { createTurnAnswerer } from './answer-turns.ts';
import type { Follower, FollowPorts } from './follow-runs.ts';
import type { Repositories } from './ports.ts';
import { createTokenKeeper, type TokenKeeper } from './renew-tokens.ts';
import { type RepeatPorts, repeat } from './repeat.ts';
import { retireRuns } from './retire-runs.ts';
import { createSuperseder, type Superseder } from './supersede-runs.ts';

export interface SupervisePorts extends FollowPorts, RepeatPorts {
  readonly repositories: Pick<Repositories, 'cloneToken'>;
}

export interface SuperviseOptions {
  readonly limits: AdmitLimits;
  readonly keep: OperatorSettings['keep'];
}

/** Everything that is decided about runs after they were made. */
export interface Supervisor {
  readonly superseder: Superseder;
  readonly tokens: TokenKeeper;
  /** Works until the signal ends it. */
  supervise(signal: AbortSignal): Promise<void>;
}

const RENEW_INTERVAL_MS = 5 * 60_000;
const RETIRE_INTERVAL_MS = 3_600_000;

/**
 * See `Supervisor`: which run may start, whose turn it is to deploy, which is not wanted any more, which is old enough
 * to go. Nothing is decided before the engine has told of every run, since slots and targets are counted from these.
 */
export function createSupervisor(
  follower: Follower,
  ports: SupervisePorts,
  { limits, keep }: SuperviseOptions,
): Supervisor {
  const { runs } = follower;
  const shared = { ...ports, runs };
  const tokens = createTokenKeeper(shared);
  const superseder = createSuperseder(shared);
  const prepare = tokens.renew;

  return {
    superseder,
    tokens,
    async supervise(signal) {
      const admission = createAdmission({ ...shared, prepare, onMove: follower.poke }, limits, signal);
      const turns = createTurnAnswerer({ ...shared, prepare, onWait: follower.poke }, signal);
      const listed = Promise.withResolvers<void>();
      let isListed = false;
      const look = () => {
        if (!isListed) return;
        admission.look();
        turns.look();
      };
      const following = follower.follow(signal, {
        changed(run, isNew) {
          if (isNew) superseder.observe(run);
          look();
        },
        listed() {
          isListed = true;
          listed.resolve();
          look();
        },
      });
      signal.addEventListener('abort', () => listed.resolve(), { once: true });
      const regularly = async (what: string, intervalMs: number, work: () => Promise<void>) => {
        await listed.promise;
        await repeat(ports, { what, intervalMs, work }, signal);
      };
      await Promise.all([
        following,
        regularly('renewal of git tokens', RENEW_INTERVAL_MS, tokens.renewAll),
        regularly('removal of old runs', RETIRE_INTERVAL_MS, () =>
          retireRuns({ ...shared, onRemoved: follower.forget }, keep),
        ),
      ]);
    },
  };
}
