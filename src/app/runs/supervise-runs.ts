import type { OperatorSettings } from '../../core/settings/settings.ts';
import type { Follower } from '../checks/follow-runs.ts';
import type { FollowPorts } from '../checks/report-checks.ts';
import type { Repositories } from '../github-ports.ts';
import { type RepeatPorts, repeat } from '../repeat.ts';
import { type AdmitLimits, createAdmission } from './admit-runs.ts';
import { createTurnAnswerer } from './answer-turns.ts';
import { createTokenKeeper, type TokenKeeper } from './renew-tokens.ts';
import { retireRuns } from './retire-runs.ts';
import { createRetrier } from './retry-runs.ts';
import type { KnownRun } from './run-index.ts';
import { createSuperseder, type Superseder } from './supersede-runs.ts';

export interface SupervisePorts extends FollowPorts, RepeatPorts {
  readonly repositories: Pick<Repositories, 'snapshot' | 'projectFiles' | 'lineCounts' | 'cloneToken'>;
  readonly settings: OperatorSettings;
}

export interface SuperviseOptions {
  readonly limits: AdmitLimits;
  readonly keep: OperatorSettings['keep'];
}

/** Everything that is decided about runs after they were made. */
export interface Supervisor {
  readonly superseder: Superseder;
  readonly tokens: TokenKeeper;
  /** Knows every run, forgets old ones and what this server kept of them: what each server does. Works until the signal ends it. */
  follow(signal: AbortSignal): Promise<void>;
  /** Decides and reports, which one server does at a time, while it follows. Works until the signal ends it. */
  lead(signal: AbortSignal): Promise<void>;
}

const RENEW_INTERVAL_MS = 5 * 60_000;
const RETIRE_INTERVAL_MS = 3_600_000;

/** Told of every run that came or changed. */
type Decider = (run: KnownRun) => void;

/**
 * See `Supervisor`: which run may start, whose turn it is to deploy, which is tried again, which is not wanted any more, which is old
 * enough to go. Nothing is decided before the engine has told of every run, since slots and targets are counted from these.
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
  const listed = Promise.withResolvers<void>();
  let decide: Decider = () => {};

  function createDecider(signal: AbortSignal): Decider {
    const prepare = tokens.renew;
    const admission = createAdmission({ ...shared, prepare, onMove: follower.poke }, limits, signal);
    const turns = createTurnAnswerer({ ...shared, prepare, onWait: follower.poke }, signal);
    const retrier = createRetrier({ ...shared, tokens, onGivenUp: follower.poke }, signal);
    return (run) => {
      admission.look();
      turns.look();
      retrier.look(run);
    };
  }

  return {
    superseder,
    tokens,
    async follow(signal) {
      const following = follower.follow(signal, {
        changed(run, isNew) {
          if (isNew) superseder.observe(run);
          decide(run);
        },
        listed: listed.resolve,
      });
      const work = () => retireRuns({ ...shared, onRemoved: follower.forget }, keep);
      const retiring = orAborted(listed.promise, signal).then(() =>
        repeat(ports, { what: 'removal of old runs', intervalMs: RETIRE_INTERVAL_MS, work }, signal),
      );
      await Promise.all([following, retiring]);
    },
    async lead(signal) {
      await orAborted(listed.promise, signal);
      // What the last one that led did is known from now on.
      runs.trustEngine();
      await ports.engine.catchUp?.(signal);
      if (signal.aborted) return;
      const decider = createDecider(signal);
      decide = decider;
      for (const run of [...runs.all()]) decider(run);
      follower.report(signal);
      const renewal = { what: 'renewal of git tokens', intervalMs: RENEW_INTERVAL_MS, work: tokens.renewAll };
      await repeat(ports, renewal, signal);
      if (decide === decider) decide = () => {};
    },
  };
}

/** Resolves by the signal too. */
async function orAborted(event: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  if (signal.aborted) aborted.resolve();
  signal.addEventListener('abort', () => aborted.resolve(), { once: true });
  await Promise.race([event, aborted.promise]);
}
