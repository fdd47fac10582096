import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RequestMatch } from '../github/requests.ts';
import { countProcessesIn } from './processes.ts';
import { storedRuns } from './stored-runs.ts';
import { describeChecks, startUnsteadyWorld, type UnsteadyWorld } from './unsteady-world.ts';
import { completed, endlessOnce, shellProject } from './world.ts';

let world: UnsteadyWorld;

beforeAll(async () => {
  world = await startUnsteadyWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

interface Moment {
  /** The request during which the server is killed. */
  readonly during: RequestMatch;
  /** It was killed when GitHub had done what was asked, before it was told. */
  readonly afterEffect?: boolean;
  /** Waits until the run has ended, so that the crash is of its report alone. */
  readonly afterRun?: boolean;
  /** A power cut, when it is not said. */
  readonly signal?: 'SIGTERM';
  readonly conclusion: string;
  readonly title: RegExp;
}

const GREEN = { conclusion: 'success', title: /^Succeeded/ } as const;

const GREEN_CHECK = { conclusion: 'success', title: expect.stringMatching(/^Succeeded/) };

/** A few of them; the long tests end a server at every request and at every change of a run. */
const MOMENTS: readonly (readonly [string, Moment])[] = [
  ["the check's creation, done", { during: 'checks/create', afterEffect: true, afterRun: true, ...GREEN }],
  ["the run's clone, in order", { during: 'git/upload-pack', signal: 'SIGTERM', ...GREEN }],
];

describe('a server that is killed', () => {
  test.each(MOMENTS)('during %s makes one run and one check, which ends', async (what, moment) => {
    const { github } = world;
    const repository = await world.repository(`crash-${what.replace(/\W+/g, '-')}`);
    const held = github.hold(moment.during, { afterEffect: moment.afterEffect ?? false });
    const ended = countEnds();

    const { sha } = await github.pushFiles(repository, { files: shellProject('exit 0') });
    await held.arrived;
    if (moment.afterRun)
      await world.until(
        () => countEnds() > ended,
        () => 'the run does not end',
      );
    const gone = world.kill(moment.signal);
    if (moment.signal !== undefined) held.release();
    await gone;
    held.release();
    await world.start();
    const checks = () => github.checks(repository, sha);
    await world.until(
      () => completed(checks()),
      () => describeChecks(checks()),
    );

    expect(checks()).toHaveLength(1);
    expect(checks()[0]).toMatchObject({
      name: 'tekton-ci',
      conclusion: moment.conclusion,
      title: expect.stringMatching(moment.title),
    });
    const [latest] = github.deliveries.filter(({ event }) => event === 'push').slice(-1);
    expect(latest?.statusCode).toBe(200);
  });
});

describe('a step that outlived its server', () => {
  test('is ended before the next server does anything, and its run begins anew', async () => {
    const { github } = world;
    const repository = await world.repository('outlived');
    const marker = join(world.data, 'outlived');
    const files = shellProject(endlessOnce(marker));
    const { sha } = await github.pushFiles(repository, { files });
    const steps = () => countProcessesIn(join(world.data, 'runs', 'outlived-'));
    const checks = () => github.checks(repository, sha);
    // A step that has not begun yet ends with its server.
    await world.until(
      () => existsSync(marker),
      () => describeChecks(checks()),
    );
    await world.kill();
    const [left] = storedRuns(world.data, 'outlived').flatMap(({ processes }) => processes);
    expect(await steps()).toBeGreaterThan(0);

    await world.start();

    // Empty too of one that has ended and that nobody has asked for its exit code.
    expect(await readFile(`/proc/${left?.pid}/cmdline`, 'utf8').catch(() => '')).toBe('');
    await world.until(
      () => completed(checks()),
      () => describeChecks(checks()),
    );
    expect(checks()).toMatchObject([GREEN_CHECK]);
  });
});

/** How many runs have ended, by the log of the server that is up. */
function countEnds(): number {
  return world.server().log().split('"run ended"').length;
}
