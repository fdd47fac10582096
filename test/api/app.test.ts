import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MERGE_PATCH, PIPELINE_RUNS, pathOf } from '../../src/tekton/resources.ts';
import { completed } from '../e2e/world.ts';
import { type AppWorld, startAppWorld } from './app-world.ts';
import { until } from './control-plane.ts';
import type { PlayedStep } from './played-task.ts';
import { uniqueName } from './world.ts';

let world: AppWorld;
/** Namespace of a repository whose runs the server refuses. */
const FULL = `full-${uniqueName()}`;

beforeAll(async () => {
  world = await startAppWorld({
    further: [FULL],
    settings: {
      repositories: {
        'acme/*': { deploy: { serviceAccount: 'deployer' } },
        'acme/refused': { namespace: FULL },
      },
    },
  });
});

afterEach(() => world.tekton.run(() => 0));

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const CONFIG = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: make test\n' };

async function push(name: string, files: Readonly<Record<string, string>> = CONFIG) {
  const repository = await world.repository(name);
  const { sha } = await world.github.pushFiles(repository, { files });
  return { repository, sha };
}

/** Steps `test` that go on until they are let go; `begun` is of the first one. */
function holdTests(only: (step: PlayedStep) => boolean = () => true) {
  const begun = Promise.withResolvers<void>();
  const { promise, resolve: end } = Promise.withResolvers<number>();
  world.tekton.run((played) => {
    played.log(`${played.step} writes <this> line`);
    const isHeld = only(played) && played.step === 'test';
    if (!isHeld) return 0;
    begun.resolve();
    return promise;
  });
  return { begun: begun.promise, end };
}

describe('a push', () => {
  test('becomes one PipelineRun, whose end is the end of its check', async () => {
    const pushed = await push('green');

    const [check] = await world.checked(pushed, completed);

    expect(check).toMatchObject({ name: 'tekton-ci', conclusion: 'success' });
    expect(check?.title).toMatch(/^Succeeded/);
    expect(await world.runs(pushed.repository)).toHaveLength(1);
  });

  test('shows its log while it runs, and afterwards', async () => {
    const held = holdTests();
    const pushed = await push('logs');
    await held.begun;
    const [running] = await world.checked(pushed, (checks) => checks.length > 0);
    const page = async () => (await fetch(running?.detailsUrl ?? '')).text();

    await until(async () => (await page()).includes('test writes &lt;this&gt; line'), 'the line to be shown');
    held.end(0);
    await world.checked(pushed, completed);

    expect(await page()).toContain('clone writes &lt;this&gt; line');
    expect(await page()).toContain('test writes &lt;this&gt; line');
  });

  test('whose test fails shows which step, its exit code, and what it said', async () => {
    world.tekton.run(({ step, log }) => {
      if (step !== 'test') return 0;
      log('expected 4, got 5');
      return 3;
    });
    const pushed = await push('red');

    const [check] = await world.checked(pushed, completed);

    expect(check).toMatchObject({ conclusion: 'failure', title: 'test failed with exit code 3' });
    expect(check?.summary).toContain('expected 4, got 5');
  });

  test('of several projects has a check for each, and their gate', async () => {
    world.tekton.run(({ pipelineRun, step }) =>
      step === 'test' && pipelineRun.metadata.labels['tekton-ci.dev/project'] === 'web' ? 1 : 0,
    );
    const config = 'use: alpine:3.22\nprojects:\n  api: { test: make }\n  web: { test: make }\n';
    const pushed = await push('several', { '.tekton-ci.yml': config, 'api/a': '', 'web/a': '' });

    const checks = await world.checked(pushed, completed);

    expect(Object.fromEntries(checks.map(({ name, conclusion }) => [name, conclusion]))).toEqual({
      'tekton-ci': 'failure',
      'tekton-ci / api': 'success',
      'tekton-ci / web': 'failure',
    });
  });

  test('deploys when its turn has come', async () => {
    const steps: string[] = [];
    world.tekton.run(({ task, step }) => {
      steps.push(`${task} ${step}`);
      return 0;
    });
    const config = 'use: alpine:3.22\ntest: make\ndeploy: { to: production, commands: make deploy }\n';
    const pushed = await push('deploys', { '.tekton-ci.yml': config });

    const [check] = await world.checked(pushed, completed);

    expect(check).toMatchObject({ conclusion: 'success' });
    expect(steps).toEqual(['ci clone', 'ci test', 'deploy-production clone', 'deploy-production deploy']);
  });

  test('does not deploy when a newer commit is there, and says so', async () => {
    const deployed: string[] = [];
    const runs = new Set<string>();
    const held = holdTests(({ pipelineRun, step }) => {
      const sha = pipelineRun.metadata.labels['tekton-ci.dev/sha'];
      runs.add(sha);
      if (step === 'deploy') deployed.push(sha);
      return runs.size === 1;
    });
    const config = 'use: alpine:3.22\ntest: make\ndeploy: { to: production, commands: make deploy }\n';
    const older = await push('forward', { '.tekton-ci.yml': config });
    await held.begun;
    const { sha } = await world.github.pushFiles(older.repository, { files: { a: '' } });
    await world.checked({ ...older, sha }, completed);
    held.end(0);

    const [check] = await world.checked(older, completed);

    expect(deployed).toEqual([sha]);
    expect(check?.summary).toContain(`a newer commit, ${sha.slice(0, 7)}, is planned for production`);
  });

  test('to a branch cancels the run of the commit before', async () => {
    const { repository } = await push('cancelled');
    const held = holdTests(
      ({ pipelineRun }) => pipelineRun.metadata.labels['tekton-ci.dev/purpose'] === 'verify',
    );
    const branch = 'topic';
    const older = await world.github.pushFiles(repository, { branch, files: { ...CONFIG, a: '1' } });
    await held.begun;

    const newer = await world.github.pushFiles(repository, { branch, files: { a: '2' } });
    const [check] = await world.checked({ repository, sha: older.sha }, completed);
    held.end(0);

    expect(check).toMatchObject({ conclusion: 'cancelled' });
    expect(check?.title).toContain(`superseded by ${newer.sha.slice(0, 7)}`);
    const [last] = await world.checked({ repository, sha: newer.sha }, completed);
    expect(last).toMatchObject({ conclusion: 'success' });
  });

  test('that the server admits no run for says so in its words', async () => {
    await fillUp(FULL);

    const pushed = await push('refused');
    const [check] = await world.checked(pushed, completed);

    expect(check).toMatchObject({ conclusion: 'failure' });
    expect(`${check?.title} ${check?.summary}`).toContain('exceeded quota: none');
  });
});

/** Nobody counts what a quota is used for here. */
async function fillUp(namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const hard = { 'count/pipelineruns.tekton.dev': '0' };
  await world.admin.request({ method: 'POST', path, body: { metadata: { name: 'none' }, spec: { hard } } });
  await world.admin.request({
    method: 'PATCH',
    path: `${path}/none/status`,
    contentType: MERGE_PATCH,
    body: { status: { hard, used: hard } },
  });
}

test('a run has one Secret as long as it lives', async () => {
  const { held, name, uid } = await heldRun('token');

  const [secret, ...others] = await world.secrets();
  expect(others).toEqual([]);
  expect(secret.metadata).toMatchObject({ name: `${name}-git`, ownerReferences: [{ uid }] });
  held.end(0);

  await until(async () => (await world.secrets()).length === 0, 'the Secret to go');
});

test('the Secret of a run that is deleted goes with it', async () => {
  const { held, name } = await heldRun('deleted');

  const path = pathOf(PIPELINE_RUNS, world.installation.namespace, name);
  await world.admin.request({ method: 'DELETE', path });

  await until(async () => (await world.secrets()).length === 0, 'the Secret to go');
  held.end(0);
});

async function heldRun(repository: string) {
  const held = holdTests();
  const pushed = await push(repository);
  await held.begun;
  const [{ metadata }] = await world.runs(pushed.repository);
  return { held, name: metadata.name, uid: metadata.uid };
}
