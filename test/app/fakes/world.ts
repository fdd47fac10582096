import { createFollower, type Follower } from '../../../src/app/checks/follow-runs.ts';
import type { FollowPorts } from '../../../src/app/checks/report-checks.ts';
import type { EventPorts } from '../../../src/app/events/handle-event.ts';
import { createRunIndex } from '../../../src/app/runs/run-index.ts';
import { createSecretRegister } from '../../../src/app/runs/secret-register.ts';
import {
  createSupervisor,
  type SuperviseOptions,
  type SupervisePorts,
  type Supervisor,
} from '../../../src/app/runs/supervise-runs.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings/default-settings.ts';
import { createFakeChecks } from './fake-checks.ts';
import { createFakeClock, settled } from './fake-clock.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createFakeLogStore } from './fake-log-store.ts';
import { createFakeMetrics } from './fake-metrics.ts';
import { createFakePullRequests } from './fake-pull-requests.ts';
import { createFakeRepositories } from './fake-repositories.ts';
import { createRecordingLog } from './recording-log.ts';

/** Everything around the use cases; what GitHub, the engine and the log store know outlives a process of the app. */
export type World = ReturnType<typeof createWorld>;

export function createWorld() {
  const clock = createFakeClock();
  const inAnHour = () => new Date(clock.now().getTime() + 3_600_000);
  const world = {
    clock,
    checks: createFakeChecks(),
    repositories: createFakeRepositories(inAnHour),
    engine: createFakeEngine(clock.now()),
    logStore: createFakeLogStore(),
    log: createRecordingLog(),
    secrets: createSecretRegister(clock),
    links: { url: (name: string) => `https://ci.example.com/runs/${name}` },
    metrics: createFakeMetrics(),
    settings: DEFAULT_SETTINGS,
    random: () => 0.5,
    /** For tests of events alone; a process has its own. */
    superseder: { attempt: () => 1, async moved() {} },
    runs: createRunIndex(),
    pullRequests: createFakePullRequests(),
    tokens: { given() {} },
  };
  return world satisfies EventPorts & FollowPorts;
}

export interface Process {
  readonly follower: Follower;
  readonly supervisor: Supervisor;
  /** Ends it, as a crash would: nothing more is sent, nothing is tidied up. */
  stop(): Promise<void>;
}

/** A process of the app that follows and supervises the engine's runs. */
export async function startProcess(
  world: SupervisePorts,
  { limits = NO_LIMITS, keep = DEFAULT_SETTINGS.keep }: Partial<SuperviseOptions> = {},
): Promise<Process> {
  const follower = createFollower(world);
  const supervisor = createSupervisor(follower, world, { limits, keep });
  const abort = new AbortController();
  const following = Promise.all([supervisor.follow(abort.signal), supervisor.lead(abort.signal)]);
  await settled();
  return {
    follower,
    supervisor,
    async stop() {
      abort.abort();
      await following;
      await settled();
    },
  };
}

const NO_LIMITS = { total: 1000, perRepository: () => 1000 };
