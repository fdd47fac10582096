import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readEvent } from '../../src/github/read-event.ts';
import { appOf, exampleDeliveries } from '../github-adapter/webhook-examples.ts';
import { type ForkWorld, startForkWorld } from './fork-world.ts';
import { completed, shellProject } from './world.ts';

let world: ForkWorld;

beforeAll(async () => {
  world = await startForkWorld();
  world.github.showCollaborators(true);
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

/** GitHub's names of what was asked since the last look, in order; tokens are counted apart. */
function asked(): (string | null)[] {
  return world.github.requests
    .filter(({ kind, operation }) => kind !== 'git' && !operation?.startsWith('apps/'))
    .map(({ operation }) => operation);
}

/** The same without the updates of a check: one that it is in progress, if there is time for it, and its end. */
function costs() {
  const all = asked();
  const others = all.filter((operation) => operation !== 'checks/update');
  expect(all.length - others.length).toBeLessThanOrEqual(2);
  return others.sort();
}

const ofRun = (...others: readonly string[]) => [...others, 'checks/create'].sort();

describe('what an event costs', () => {
  test('a push: one read, and three requests of its check', async () => {
    const { github } = world;
    const repository = await world.repository('costs');
    github.resetRequests();

    const { sha } = await github.pushFiles(repository, { files: shellProject('echo tested') });
    await world.until(repository, sha, completed);
    await github.waitForDeliveries();

    expect(costs()).toEqual(ofRun('graphql'));
  });

  test("a stranger's pull request: who opened it, the config, what it changes, and its check", async () => {
    const pull = await world.forked({ name: 'stranger', files: shellProject('echo tested') });
    world.github.resetRequests();

    await world.pushFork(pull, { 'a.txt': 'b' });

    expect(asked()).toEqual([
      'repos/get-collaborator-permission-level',
      'graphql',
      'repos/compare-commits-with-basehead',
      'checks/list-for-ref',
      'checks/create',
    ]);
  });

  test.each<[string, boolean, readonly string[]]>([
    ['shows to the app', true, []],
    ['does not show to the app', false, ['repos/get-collaborator-permission-level']],
  ])(
    'an approval where GitHub %s who has access: all of it in one read, who else waits, and its check',
    async (_where, visible, more) => {
      const pull = await world.forked({ name: `approval-${visible}`, files: shellProject('echo tested') });
      world.github.showCollaborators(visible);
      world.github.resetRequests();

      await world.say(pull, `/tekton-ci approve ${pull.sha}`);
      await world.until(pull.repository, pull.sha, (checks) => checks.length === 2 && completed(checks));

      world.github.showCollaborators(true);
      expect(costs()).toEqual(ofRun('graphql', 'checks/list-for-ref', ...more));
    },
  );
});

describe("GitHub's examples of webhooks", () => {
  test('are each answered, and what is ignored causes no request', async () => {
    const { github } = world;
    const examples = exampleDeliveries();
    const ignored: string[] = [];
    const other: string[] = [];
    github.resetRequests();

    for (const { name, payload } of examples) {
      const before = github.requests.length;
      const delivery = await github.deliver(name, payload);
      const title = `${name} ${String(payload.action ?? '')}: ${delivery?.statusCode}`;
      if (delivery?.statusCode !== 200) other.push(title);
      const event = readEvent({ id: 'guid', name, payload }, appOf(payload));
      if (event.kind === 'ignored' && github.requests.length > before) ignored.push(title);
    }

    expect(other).toEqual([]);
    expect(ignored).toEqual([]);
    expect((await fetch(`${world.server.url}/readyz`)).status).toBe(200);
  });
});
