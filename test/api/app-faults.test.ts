import { expect, test } from '@jest/globals';
import { completed } from '../e2e/world.ts';
import type { ApiMatch, ApiRefusal, ApiRequest } from './api-proxy.ts';
import { type AppWorld, startAppWorld } from './app-world.ts';

const CONFIG = 'use: alpine:3.22\ntest: make\ndeploy: { to: production, commands: make deploy }\n';

/** A push to a world in which something goes wrong. Its steps take a while, so that it does while they run. */
async function pushIn(world: AppWorld): Promise<void> {
  const { github, tekton } = world;
  tekton.run(async ({ task, step, log }) => {
    log(`${task} ${step} begins`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    log(`${task} ${step} ends`);
    return 0;
  });
  const repository = await world.repository('fault');
  const { sha } = await github.pushFiles(repository, { files: { '.tekton-ci.yml': CONFIG } });

  const checks = await world.checked({ repository, sha }, completed, 60);

  expect(checks).toMatchObject([{ name: 'tekton-ci', conclusion: 'success' }]);
  const page = await (await fetch(checks[0]?.detailsUrl ?? '')).text();
  for (const step of ['ci clone', 'ci test', 'deploy-production deploy']) {
    const count = (line: string) => page.split(line).length - 1;
    expect([step, count(`${step} begins`), count(`${step} ends`)]).toEqual([step, 1, 1]);
  }
  expect(await world.runs()).toHaveLength(1);
  expect(await world.secrets()).toEqual([]);
}

async function inWorld(work: (world: AppWorld) => Promise<void>): Promise<void> {
  const settings = { repositories: { 'acme/*': { deploy: { serviceAccount: 'deployer' } } } };
  const world = await startAppWorld({ settings });
  try {
    await work(world);
    expect(world.github.violations).toEqual([]);
  } finally {
    await world.close();
  }
}

test.concurrent('watches that are ended every second change nothing', () =>
  inWorld(async (world) => {
    let cut = 0;
    const timer = setInterval(() => {
      cut += world.proxy.cutWatches();
    }, 1_000);
    try {
      await pushIn(world);
    } finally {
      clearInterval(timer);
    }
    expect(cut).toBeGreaterThan(8);
  }));

const isWrite = ({ verb }: ApiRequest) => ['create', 'update', 'patch', 'delete'].includes(verb);
const isChange = ({ verb }: ApiRequest) => verb === 'update' || verb === 'patch';

/** Each of these requests the first times, whatever else is asked in between. */
function firstTimes(times: number, match: ApiMatch): ApiMatch {
  const counts = new Map<string, number>();
  return (request) => {
    if (!match(request)) return false;
    const id = `${request.verb} ${request.resource} ${request.name}`;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count <= times;
  };
}

const FAULTS: readonly (readonly [string, ApiMatch, number, ApiRefusal])[] = [
  ['a conflict at every change, twice', isChange, 2, { status: 409, reason: 'Conflict' }],
  [
    'too many requests (429) at every kind of request',
    () => true,
    1,
    { status: 429, reason: 'TooManyRequests', headers: { 'retry-after': '1' } },
  ],
  ['an error 500 at every kind of request', () => true, 1, { status: 500, reason: 'InternalError' }],
  [
    'a server that is not there (503) at every kind of request',
    () => true,
    1,
    { status: 503, reason: 'ServiceUnavailable' },
  ],
  ['a lost answer (504) of every write', isWrite, 1, { status: 504, reason: 'Timeout', afterEffect: true }],
];

test.concurrent.each(FAULTS)('%s changes nothing', (_, match, times, refusal) =>
  inWorld(async (world) => {
    const refusing = world.proxy.refuse(firstTimes(times, match), refusal);
    await pushIn(world);
    expect(refusing.count()).toBeGreaterThan(4);
  }),
);
