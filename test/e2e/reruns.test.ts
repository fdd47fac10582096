import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckState } from '../github/check-store.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { storedRuns } from './stored-runs.ts';
import { completed, conclusionsOf, holdCommand, shellProject, startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

/** A repository whose first push has run to its end. */
async function pushed(name: string, files: Readonly<Record<string, string>>) {
  const repository = await world.repository(name);
  const { sha } = await world.github.pushFiles(repository, { files });
  await world.until(repository, sha, completed);
  await world.github.waitForDeliveries();
  world.github.resetRequests();
  return { repository, sha, checks: world.github.checks(repository, sha) };
}

function untilChecks(repository: CreatedRepository, sha: string, number: number): Promise<CheckState[]> {
  return world.until(repository, sha, (checks) => checks.length === number && completed(checks));
}

const requests = () => world.github.countRequests({ excludeTokens: true });
const named = (checks: readonly CheckState[], name: string) =>
  checks.findLast((check) => check.name === name);
const idOf = (checks: readonly CheckState[], name: string) => named(checks, name)?.id ?? 0;
const runsOf = (name: string) => storedRuns(world.data, name).length;

/** Fails the first time, and passes when it is run again. */
function failOnce(file: string): string {
  return `if [ ! -e ${file} ]; then touch ${file}; exit 1; fi`;
}

describe('a re-run of a check', () => {
  test('is a new check of the same name, in six requests at most', async () => {
    const marker = join(world.data, 'flaky');
    const { repository, sha, checks } = await pushed('flaky', shellProject(failOnce(marker)));

    const clicked = await world.github.rerequestCheck(idOf(checks, 'tekton-ci'));
    const [first, second] = await untilChecks(repository, sha, 2);

    expect(clicked?.statusCode).toBe(200);
    expect([first?.conclusion, second?.conclusion]).toEqual(['failure', 'success']);
    expect(second?.name).toBe('tekton-ci');
    expect(second?.summary).toContain('developer asked for it again');
    expect(requests()).toBeLessThanOrEqual(6);
  });

  test('is made once, however often it is clicked and delivered', async () => {
    const { github } = world;
    const held = holdCommand(join(world.data, 'twice'));
    const files = shellProject(
      `if [ -e ${join(world.data, 'twice')}.again ]; then ${held.command}; fi; touch ${join(world.data, 'twice')}.again; exit 1`,
    );
    const { repository, sha, checks } = await pushed('twice', files);
    const id = idOf(checks, 'tekton-ci');

    const first = await github.rerequestCheck(id);
    await held.begun();
    await github.redeliver(first?.id ?? 0);
    await github.rerequestCheck(id);
    await github.pressButton(id, 'rerun-failed');
    await held.letGo();
    await untilChecks(repository, sha, 2);
    await github.rerequestCheck(id);
    await github.redeliver(first?.id ?? 0);
    await github.waitForDeliveries();

    expect(runsOf('twice')).toBe(2);
  });

  test('needs write access', async () => {
    const { github } = world;
    const { checks } = await pushed('guarded', shellProject('exit 1'));

    await github.rerequestCheck(idOf(checks, 'tekton-ci'), 'nora');
    await github.pressButton(idOf(checks, 'tekton-ci'), 'rerun-failed', 'nora');

    expect(runsOf('guarded')).toBe(1);
    expect(requests()).toBe(2);
  });

  test('that was skipped runs what was left out', async () => {
    const { github } = world;
    const repository = await world.repository('skipped');
    const files = shellProject('echo tested');
    const { sha } = await github.pushFiles(repository, { files, message: 'A typo [skip ci]' });
    const checks = await world.until(repository, sha, completed);

    await github.rerequestCheck(idOf(checks, 'tekton-ci'));
    const [skipped, run] = await untilChecks(repository, sha, 2);

    expect([skipped?.conclusion, run?.conclusion]).toEqual(['skipped', 'success']);
  });
});

describe('a re-run of three projects', () => {
  const config = 'projects:\n  api: {}\n  web: {}\n  docs: {}\n';
  const files = (marker: string) => ({
    '.tekton-ci.yml': `use: alpine:3.22\ntest: sh test.sh\n${config}`,
    'api/test.sh': 'echo fine',
    'web/test.sh': failOnce(marker),
    'docs/test.sh': 'echo fine',
  });

  test('by the button of the gate, and of all checks, runs what is not green', async () => {
    const { github } = world;
    const { repository, sha, checks } = await pushed('gate', files(join(world.data, 'gate')));
    expect(named(checks, 'tekton-ci')?.conclusion).toBe('failure');
    expect(named(checks, 'tekton-ci')?.actions).toMatchObject([{ identifier: 'rerun-failed' }]);

    await github.pressButton(idOf(checks, 'tekton-ci'), 'rerun-failed');
    const after = await untilChecks(repository, sha, 6);
    await github.rerequestSuite(repository, sha);
    const all = await untilChecks(repository, sha, 10);

    expect(conclusionsOf(after.slice(4))).toEqual({
      'tekton-ci': 'success',
      'tekton-ci / web': 'success',
    });
    // All was green then.
    expect(conclusionsOf(all.slice(6))).toEqual({
      'tekton-ci': 'success',
      'tekton-ci / api': 'success',
      'tekton-ci / docs': 'success',
      'tekton-ci / web': 'success',
    });
    expect(runsOf('gate')).toBe(7);
  });

  test('of all checks, with one red, runs that one', async () => {
    const { github } = world;
    const { repository, sha } = await pushed('suite', files(join(world.data, 'suite')));

    await github.rerequestSuite(repository, sha);
    const after = await untilChecks(repository, sha, 6);

    expect(named(after, 'tekton-ci')?.conclusion).toBe('success');
    expect(runsOf('suite')).toBe(4);
  });
});
