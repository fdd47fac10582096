import type { FollowPorts } from '../../../src/app/follow-runs.ts';
import { createFollower, type Follower } from '../../../src/app/follow-runs.ts';
import { createSecretRegister } from '../../../src/app/secret-register.ts';
import type { StartPorts } from '../../../src/app/start-plan.ts';
import { DEFAULT_RENDER_SETTINGS } from '../../../src/core/pipeline/render-settings.ts';
import { createFakeChecks } from './fake-checks.ts';
import { createFakeClock, settled } from './fake-clock.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createFakeLogStore } from './fake-log-store.ts';
import { createFakeRepositories } from './fake-repositories.ts';
import { createRecordingLog } from './recording-log.ts';

/** Everything around the use cases; what GitHub, the engine and the log store know outlives a process of the app. */
export type World = ReturnType<typeof createWorld>;

export function createWorld() {
  const clock = createFakeClock();
  const inAnHour = new Date(clock.now().getTime() + 3_600_000);
  const world = {
    clock,
    checks: createFakeChecks(),
    repositories: createFakeRepositories(inAnHour),
    engine: createFakeEngine(clock.now()),
    logStore: createFakeLogStore(),
    log: createRecordingLog(),
    secrets: createSecretRegister(clock),
    links: { url: (name: string) => `https://ci.example.com/runs/${name}` },
    settings: DEFAULT_RENDER_SETTINGS,
  };
  return world satisfies StartPorts & FollowPorts;
}

export interface Process {
  readonly follower: Follower;
  /** Ends it, as a crash would: nothing more is sent, nothing is tidied up. */
  stop(): Promise<void>;
}

/** A process of the app that follows the engine's runs. */
export async function startProcess(world: World): Promise<Process> {
  const follower = createFollower(world);
  const abort = new AbortController();
  const following = follower.follow(abort.signal);
  await settled();
  return {
    follower,
    async stop() {
      abort.abort();
      await following;
      await settled();
    },
  };
}
