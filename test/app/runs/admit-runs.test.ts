import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunName } from '../../../src/core/pipeline/run.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import { pushEvent } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld, startProcess, type World } from '../fakes/world.ts';

const CONFIG = { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' };
const RUNNING: RunStatus = { phase: 'running', steps: [], turns: [] };

let world: World;

beforeEach(() => {
  world = createWorld();
});

const limits = (total: number, perRepository: number) => ({
  limits: { total, perRepository: () => perRepository },
});

/** Makes a run of a repository; gives its name. */
async function push(repositoryId: number): Promise<RunName> {
  const sha = String(world.engine.submitted.length + 1).padStart(40, '0');
  world.repositories.commit(sha, CONFIG);
  const repository = { ...pushEvent().repository, id: repositoryId, name: `r${repositoryId}` };
  await startPush(world, pushEvent({ sha, repository }));
  await settled();
  return world.engine.submitted.at(-1)!.run.name;
}

function released(): string[] {
  return world.engine.calls.flatMap((call) => (call.startsWith('release ') ? call.slice(8) : []));
}

async function end(name: RunName): Promise<void> {
  world.engine.set(name, {
    phase: 'done',
    verdict: 'succeeded',
    steps: [],
    results: {},
    finishedAt: world.clock.now(),
  });
  await settled();
}

function titles(): Record<string, string> {
  return Object.fromEntries(world.checks.stored.map((check) => [check.externalId, check.output.title]));
}

describe('a run', () => {
  test('starts at once when there is room', async () => {
    await startProcess(world, limits(2, 2));

    const names = [await push(1), await push(1)];

    expect(released()).toEqual(names);
  });

  test('beyond the limit of all waits for the first that ends, and its check says how many are ahead', async () => {
    await startProcess(world, limits(1, 9));
    const [first, second, third] = [await push(1), await push(2), await push(3)];
    expect(released()).toEqual([first]);
    expect(titles()).toMatchObject({ [second]: 'Queued', [third]: 'Queued, 1 ahead' });
    world.engine.set(first, RUNNING);

    await end(first);
    expect(released()).toEqual([first, second]);
    await world.clock.advance(60);

    expect(titles()[third]).toBe('Queued');
  });

  test("beyond its repository's limit waits for that alone, and keeps nobody else waiting", async () => {
    await startProcess(world, limits(3, 1));
    const busy = [await push(1), await push(1), await push(1)];
    const other = await push(2);

    expect(released()).toEqual([busy[0], other]);
    expect(titles()).toMatchObject({ [busy[1]!]: 'Queued', [busy[2]!]: 'Queued, 1 ahead' });
    await end(other);
    expect(released()).toHaveLength(2);
    await end(busy[0]!);

    expect(released()).toEqual([busy[0], other, busy[1]]);
  });

  test('that is cancelled while it waits gives its place away', async () => {
    await startProcess(world, limits(1, 9));
    const [first, second, third] = [await push(1), await push(2), await push(3)];

    await world.engine.cancel(second, 'somebody', 'not needed');
    await settled();
    await end(first);

    expect(released()).toEqual([first, third]);
  });

  test('is counted after a restart: what runs takes its slot, what waits is released in its turn', async () => {
    const before = await startProcess(world, limits(1, 9));
    const [first, second] = [await push(1), await push(2)];
    world.engine.set(first, RUNNING);
    await before.stop();

    await startProcess(world, limits(1, 9));
    expect(released()).toEqual([first]);
    await end(first);

    expect(released()).toEqual([first, second]);
  });

  test('that a crash left pending after its release is released again', async () => {
    const before = await startProcess(world, limits(1, 9));
    const name = await push(1);
    await before.stop();

    await startProcess(world, limits(1, 9));

    expect(released()).toEqual([name, name]);
  });

  test('whose release fails is released later, and takes no slot for ever', async () => {
    await startProcess(world, limits(1, 9));
    world.engine.failNext('release', new Error('the API server is away'));

    const name = await push(1);
    expect(released()).toEqual([]);
    await world.clock.advance(5);

    expect(released()).toEqual([name]);
  });

  test('that waited for an hour gets a git token that still lives', async () => {
    await startProcess(world, limits(1, 9));
    const [first, second] = [await push(1), await push(2)];
    const until = (name: RunName) => world.engine.credentials.get(name)!.git!.expiresAt.getTime();
    world.engine.set(first, RUNNING);

    await world.clock.advance(3600);
    await end(first);

    expect(released()).toEqual([first, second]);
    expect(until(second) - world.clock.now().getTime()).toBeGreaterThanOrEqual(15 * 60_000);
  });
});

test('a thousand waiting runs are not all told when one ends', async () => {
  await startProcess(world, limits(1, 1000));
  const first = await push(1);
  for (let number = 0; number < 1000; number += 1) await push(1);
  await world.clock.advance(61);
  const before = world.checks.requests.length;

  await end(first);

  // The end of the one, and of the places only those near the front.
  expect(world.checks.requests.length - before).toBeLessThan(10);
}, 60_000);
