import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hasEnded, readCondition } from '../../src/tekton/status/condition.ts';
import { completed } from '../e2e/world.ts';
import { type AppWorld, type PushedCommit, startAppWorld } from './app-world.ts';
import { until } from './control-plane.ts';
import { holdAt, isWrite, type Moment, recordMoments } from './moments.ts';

/** As many as are worth it on two cores. */
const LANES = 3;

let lanes: AppWorld[];

beforeAll(async () => {
  const settings = { repositories: { 'acme/*': { deploy: { serviceAccount: 'deployer' } } } };
  lanes = await Promise.all(Array.from({ length: LANES }, () => startAppWorld({ settings })));
}, 120_000);

afterAll(async () => {
  for (const { github } of lanes) expect(github.violations).toEqual([]);
  await Promise.all(lanes.map((world) => world.close()));
});

const DEPLOYED = 'use: alpine:3.22\ntest: make\ndeploy: { to: production, commands: make deploy }\n';
const PROJECTS = 'use: alpine:3.22\nprojects:\n  api: { path: ., test: make }\n  web: { test: make }\n';

interface Scenario {
  readonly files: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly checks: number;
  /** When it ends. */
  readonly at: (moment: Moment) => boolean;
  /** How it ends. */
  readonly signal: 'SIGKILL' | 'SIGTERM';
}

const DEPLOY = { files: { '.tekton-ci.yml': DEPLOYED }, runs: 1, checks: 1 };

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'is killed at any request makes the run and the check of a deploy once': {
    ...DEPLOY,
    at: () => true,
    signal: 'SIGKILL',
  },
  'is stopped in order at any change makes the run and the check of a deploy once': {
    ...DEPLOY,
    // It hears the answer in any case.
    at: ({ kind, answered }) => isWrite(kind) && !answered,
    signal: 'SIGTERM',
  },
  'is killed after any creation makes the runs and checks of several projects once': {
    files: { '.tekton-ci.yml': PROJECTS, 'web/a': '' },
    runs: 2,
    checks: 3,
    at: ({ kind, answered }) => /^create (pipelineruns|secrets)|^checks\/create/.test(kind) && answered,
    signal: 'SIGKILL',
  },
};

test.each(Object.entries(SCENARIOS))(
  'a server that %s, which end, and leaves nothing',
  async (_, scenario) => {
    const moments = (await rehearse(lanes[0]!, scenario)).filter(scenario.at);
    expect(moments.length).toBeGreaterThan(5);

    const tried = await inLanes(moments, (world, moment) => tryMoment(world, scenario, moment));

    // How many changes of a kind there are is a matter of time; that there is one is not.
    const missed = tried.flatMap(({ moment, isReached }) => (isReached ? [] : moment));
    expect(missed.filter(({ kind, number }) => number === 0 && isWrite(kind))).toEqual([]);
    expect(missed.length).toBeLessThan(moments.length / 2);
    // Nothing came later.
    for (const { world, pushed } of tried) checkReports(world, pushed, scenario);
    for (const world of lanes) await checkAllEnded(world);
  },
  600_000,
);

/** All moments of a push that nothing interrupts, and those of the first server of all. */
async function rehearse(world: AppWorld, scenario: Scenario): Promise<Moment[]> {
  await until(() => world.server().log().includes('"msg":"leads"'), 'the server to lead');
  const pushed = await pushWhileDown(world, scenario);
  const lease = { of: 'Kubernetes', kind: CREATE_LEASE, number: 0 } as const;
  const pushing = world.start().then(() => untilDone(world, pushed, scenario));
  return [
    { ...lease, answered: false },
    { ...lease, answered: true },
    ...(await recordMoments(world, pushing)),
  ];
}

const CREATE_LEASE = 'create leases';

/** Every world takes the next moment when it is done with one. */
async function inLanes<T>(
  moments: readonly Moment[],
  work: (world: AppWorld, moment: Moment) => Promise<T>,
): Promise<T[]> {
  const left = [...moments];
  const results: T[] = [];
  const ended = await Promise.allSettled(
    lanes.map(async (world) => {
      for (let moment = left.shift(); moment !== undefined; moment = left.shift()) {
        try {
          results.push(await work(world, moment));
        } catch (error) {
          left.length = 0;
          throw new Error(`ended at ${JSON.stringify(moment)}`, { cause: error });
        }
      }
    }),
  );
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
  return results;
}

interface Tried {
  readonly world: AppWorld;
  readonly moment: Moment;
  readonly pushed: PushedCommit;
  /** False when the server was done without such a request. */
  readonly isReached: boolean;
}

const TRIES = 3;

async function tryMoment(world: AppWorld, scenario: Scenario, moment: Moment): Promise<Tried> {
  for (let tries = 1; ; tries += 1) {
    const tried = await tryOnce(world, scenario, moment);
    if (tried.isReached || tries === TRIES) return tried;
  }
}

async function tryOnce(world: AppWorld, scenario: Scenario, moment: Moment): Promise<Tried> {
  const pushed = await pushWhileDown(world, scenario);
  if (moment.kind === CREATE_LEASE) await deleteLeases(world);
  const held = holdAt(world, moment);
  await world.start();
  const done = untilDone(world, pushed, scenario);
  done.catch(() => {});
  const isReached = await Promise.race([held.arrived.then(() => true), done.then(() => false)]);
  const gone = world.kill(scenario.signal);
  if (scenario.signal === 'SIGTERM') held.release();
  await gone;
  held.release();
  await world.start();
  await untilDone(world, pushed, scenario);
  checkReports(world, pushed, scenario);
  expect(await world.runs(pushed.repository)).toHaveLength(scenario.runs);
  await checkAllEnded(world);
  return { world, moment, pushed, isReached };
}

async function deleteLeases({ admin, installation: { home } }: AppWorld): Promise<void> {
  await admin.request({ method: 'DELETE', path: `/apis/coordination.k8s.io/v1/namespaces/${home}/leases` });
}

let pushes = 0;

async function pushWhileDown(world: AppWorld, { files }: Scenario): Promise<PushedCommit> {
  pushes += 1;
  const repository = await world.repository(`crash${pushes}`);
  await world.kill();
  const { sha, delivery } = await world.github.pushFiles(repository, { files });
  await delivery;
  return { repository, sha };
}

async function untilDone(
  { github, checked }: AppWorld,
  pushed: PushedCommit,
  scenario: Scenario,
): Promise<void> {
  const isDelivered = () =>
    github.deliveries.some(
      ({ statusCode, payload, event }) =>
        event === 'push' && payload.after === pushed.sha && statusCode === 200,
    );
  const isDone = (checks: Parameters<typeof completed>[0]) =>
    checks.length >= scenario.checks && completed(checks) && isDelivered();
  await checked(pushed, isDone, 60);
}

function checkReports({ github }: AppWorld, pushed: PushedCommit, scenario: Scenario): void {
  const checks = github.checks(pushed.repository, pushed.sha);
  expect(checks.map(({ conclusion }) => conclusion)).toEqual(Array(scenario.checks).fill('success'));
}

async function checkAllEnded(world: AppWorld): Promise<void> {
  const runs = await world.runs();
  expect(runs.filter((run) => !hasEnded(readCondition(run, 'Succeeded')))).toEqual([]);
  // A token that was written while it was deleted is deleted again.
  await until(async () => (await world.secrets()).length === 0, 'the Secrets to go', 10_000);
}
