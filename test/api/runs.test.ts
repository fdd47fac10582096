import { beforeAll, describe, expect, test } from '@jest/globals';
import { RunConflictError } from '../../src/app/ports.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import type { Run } from '../../src/core/pipeline/run.ts';
import { UserError } from '../../src/core/user-error.ts';
import { pathOf, SECRETS } from '../../src/tekton/resources.ts';
import type { TektonEngine } from '../../src/tekton/tekton-engine.ts';
import { startApiProxy } from './api-proxy.ts';
import { kubeConfigFor } from './control-plane.ts';
import {
  CREDENTIALS,
  childOf,
  createWorld,
  type KubeObject,
  rulesOfRole,
  runOf,
  sharedPlane,
  type World,
} from './world.ts';

let world: World;
let engine: TektonEngine;

beforeAll(async () => {
  world = await createWorld();
  engine = world.engine();
});

async function submitted(example = 'with-build'): Promise<Run> {
  const run = runOf(example, world.namespace);
  await engine.submit(run, CREDENTIALS);
  return run;
}

function tokenIn(secret: { data: Record<string, string> }): string {
  return Buffer.from(secret.data.token ?? '', 'base64').toString();
}

describe('submit', () => {
  test('makes a pending PipelineRun, and its Secret which goes with it', async () => {
    const run = await submitted();

    const pipelineRun = await world.read('PipelineRun', run.name);
    const secret = await world.read('Secret', `${run.name}-git`);
    expect(pipelineRun.spec.status).toBe('PipelineRunPending');
    expect(pipelineRun.metadata.annotations).toMatchObject(run.pipelineRun.metadata.annotations);
    expect(tokenIn(secret)).toBe('ghs_first');
    expect(Buffer.from(secret.data.url, 'base64').toString()).toBe(CREDENTIALS.git.url);
    expect(secret.metadata.ownerReferences).toEqual([
      { apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name: run.name, uid: pipelineRun.metadata.uid },
    ]);
  });

  test('makes one run when the same is submitted ten times at once', async () => {
    const run = runOf('with-build', world.namespace);

    await Promise.all(Array.from({ length: 10 }, () => world.engine().submit(run, CREDENTIALS)));

    expect(tokenIn(await world.read('Secret', `${run.name}-git`))).toBe('ghs_first');
  });

  test('goes on where another stopped: the run is there, its Secret is not', async () => {
    const run = await submitted();
    await world.admin.request({
      method: 'DELETE',
      path: `/api/v1/namespaces/${world.namespace}/secrets/${run.name}-git`,
    });

    await engine.submit(run, CREDENTIALS);

    expect(tokenIn(await world.read('Secret', `${run.name}-git`))).toBe('ghs_first');
  });

  test('makes no Secret for a run that needs no token', async () => {
    const run = runOf('with-build', world.namespace);

    await engine.submit(run, {});

    expect(await world.read('PipelineRun', run.name)).not.toBeNull();
    expect(await world.read('Secret', `${run.name}-git`)).toBeNull();
  });

  test('refuses a name that a run of another key has', async () => {
    const { name } = await submitted();
    const other = runOf('with-build', world.namespace, name);
    const annotations = { ...other.pipelineRun.metadata.annotations, [ANNOTATION.key]: '["another"]' };
    const metadata = { ...other.pipelineRun.metadata, annotations };

    const submission = engine.submit(
      { ...other, pipelineRun: { ...other.pipelineRun, metadata } },
      CREDENTIALS,
    );

    await expect(submission).rejects.toThrow(RunConflictError);
  });

  test('leaves a run alone that was released meanwhile', async () => {
    const run = await submitted();
    await engine.release(run.name);

    await engine.submit(run, CREDENTIALS);

    expect((await world.read('PipelineRun', run.name)).spec.status).toBeUndefined();
  });

  test.each(['submit', 'validate'] as const)(
    '%s tells in the words of the server what it refuses',
    async (call) => {
      const run = runOf('with-build', world.namespace);
      const spec = { ...run.pipelineRun.spec, timeout: '1h' };
      const odd = { ...run, pipelineRun: { ...run.pipelineRun, spec } };

      const refused = engine[call](odd, CREDENTIALS);

      await expect(refused).rejects.toThrow(UserError);
      await expect(refused).rejects.toThrow('unknown field "spec.timeout"');
      expect(await world.read('PipelineRun', run.name)).toBeNull();
      expect(await world.read('Secret', `${run.name}-git`)).toBeNull();
    },
  );

  test('says what the operator has to do when it may not make runs', async () => {
    const run = runOf('with-build', world.namespace);

    const refused = world.engine({ user: 'nobody' }).submit(run, CREDENTIALS);

    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(/cannot create resource "pipelineruns".*gives tekton-ci its Role/);
  });

  test('tells of a quota that is used up', async () => {
    const full = await createWorld();
    await full.admin.request({
      method: 'POST',
      path: `/api/v1/namespaces/${full.namespace}/resourcequotas`,
      body: {
        metadata: { name: 'few' },
        spec: { hard: { 'count/pipelineruns.tekton.dev': '0' } },
        status: { hard: { 'count/pipelineruns.tekton.dev': '0' } },
      },
    });
    await full.admin.request({
      method: 'PATCH',
      path: `/api/v1/namespaces/${full.namespace}/resourcequotas/few/status`,
      contentType: 'application/merge-patch+json',
      body: {
        status: {
          hard: { 'count/pipelineruns.tekton.dev': '0' },
          used: { 'count/pipelineruns.tekton.dev': '0' },
        },
      },
    });
    const run = runOf('with-build', full.namespace);

    const refused = full.engine().submit(run, CREDENTIALS);

    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow('exceeded quota: few');
  });

  test('validate makes nothing, before and after the run is there', async () => {
    const run = runOf('with-build', world.namespace);

    await engine.validate(run);
    expect(await world.read('PipelineRun', run.name)).toBeNull();
    await engine.submit(run, CREDENTIALS);

    await expect(engine.validate(run)).resolves.toBeUndefined();
  });

  test('an outage is no refusal', async () => {
    const unreachable = world.engine({ ...{}, requestTimeoutMs: 1 });

    const failed = unreachable.submit(runOf('with-build', world.namespace), CREDENTIALS);

    await expect(failed).rejects.toThrow('did not answer in time');
    await expect(failed).rejects.not.toThrow(UserError);
  });
});

describe('a run that is there', () => {
  test('is released once, and a second time nothing happens', async () => {
    const run = await submitted();

    await engine.release(run.name);
    const { resourceVersion } = (await world.read('PipelineRun', run.name)).metadata;
    await engine.release(run.name);

    const after = await world.read('PipelineRun', run.name);
    expect(after.spec.status).toBeUndefined();
    expect(after.metadata.resourceVersion).toBe(resourceVersion);
    const released = Date.parse(after.metadata.annotations[ANNOTATION.released]);
    expect(Math.abs(released - Date.now())).toBeLessThan(30_000);
  });

  test('is not released when it was cancelled', async () => {
    const run = await submitted();
    await engine.cancel(run.name, 'octocat', 'a newer commit came');

    await engine.release(run.name);

    expect((await world.read('PipelineRun', run.name)).spec.status).toBe('Cancelled');
  });

  test('remembers annotations, each as it was written last', async () => {
    const run = await submitted();

    await engine.annotate(run.name, { [ANNOTATION.check]: '{"id":1}', [ANNOTATION.gate]: '{}' });
    await engine.annotate(run.name, { [ANNOTATION.check]: '{"id":2}' });

    expect((await world.read('PipelineRun', run.name)).metadata.annotations).toMatchObject({
      ...run.pipelineRun.metadata.annotations,
      [ANNOTATION.check]: '{"id":2}',
      [ANNOTATION.gate]: '{}',
    });
  });

  test('gets another token, also when its Secret is not there', async () => {
    const run = await submitted();
    const renewed = { git: { ...CREDENTIALS.git, token: 'ghs_second' } };

    await engine.renew(run.name, renewed);
    expect(tokenIn(await world.read('Secret', `${run.name}-git`))).toBe('ghs_second');
    const without = runOf('with-build', world.namespace);
    await engine.submit(without, {});
    await engine.renew(without.name, renewed);

    expect(tokenIn(await world.read('Secret', `${without.name}-git`))).toBe('ghs_second');
  });

  test('gets no token any more when it has ended', async () => {
    const run = await submitted();
    await world.change('PipelineRun', run.name, {
      status: { conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }] },
    });

    await engine.renew(run.name, { git: { ...CREDENTIALS.git, token: 'ghs_second' } });

    expect(tokenIn(await world.read('Secret', `${run.name}-git`))).toBe('ghs_first');
  });

  test('loses its token when it has ended, and a second time nothing happens', async () => {
    const run = await submitted();

    await engine.revoke(run.name);
    await engine.revoke(run.name);

    expect(await world.read('Secret', `${run.name}-git`)).toBeNull();
    expect(world.log.messages('error')).toEqual([]);
  });

  test.each<[string, object]>([
    ['has ended', { status: { conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }] } }],
    ['was cancelled before it began', { spec: { status: 'Cancelled' } }],
  ])('gets no token back, by whichever call, once it %s', async (_name, change) => {
    const run = await submitted();
    await world.change('PipelineRun', run.name, change);
    await engine.revoke(run.name);

    await engine.renew(run.name, CREDENTIALS);
    await engine.submit(run, CREDENTIALS);

    expect(await world.read('Secret', `${run.name}-git`)).toBeNull();
  });

  test.each([
    ['renew', false],
    ['submit', false],
    ['renew', true],
    ['submit', true],
  ] as const)(
    'is left without a token that %s gives it while it ends (its Secret was seen before: %s)',
    async (call, seen) => {
      const run = await submitted();
      const proxy = await startApiProxy(sharedPlane());
      try {
        const slow = world.engine({ kubeConfig: kubeConfigFor(proxy, 'tekton-ci') });
        const held = proxy.hold(({ verb, resource }) => verb === 'create' && resource === 'secrets', {
          afterEffect: seen,
        });
        const giving = call === 'renew' ? slow.renew(run.name, CREDENTIALS) : slow.submit(run, CREDENTIALS);
        await held.arrived;
        await world.change('PipelineRun', run.name, {
          status: { conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }] },
        });
        await engine.revoke(run.name);
        held.release();
        await giving;
      } finally {
        await proxy.close();
      }

      expect(await world.read('Secret', `${run.name}-git`)).toBeNull();
    },
  );

  test('tells the values that its steps are given, of those Secrets that may be read', async () => {
    const rules = [...rulesOfRole(), mayRead('npm', 'registry', 'gone')];
    const own = await createWorld(sharedPlane(), rules);
    const secret = (name: string, stringData: object) =>
      own.admin.request({
        method: 'POST',
        path: pathOf(SECRETS, own.namespace),
        body: { metadata: { name }, stringData },
      });
    await secret('npm', { token: 'npm-token', other: 'not given' });
    await secret('registry', { 'config.json': '{"auths":{"ghcr.io":{"password":"registry-password"}}}' });
    await secret('hidden', { key: 'nobody-reads-this' });
    const { pipelineRun, ...run } = runOf('single', own.namespace);
    const refs = [
      ['npm', 'token'],
      ['hidden', 'key'],
      ['gone', 'key'],
    ] as const;
    const env = refs.map(([name, key]) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } }));
    const [task] = pipelineRun.spec.pipelineSpec.tasks as KubeObject[];
    task.taskSpec.steps[0].env.push(...env);
    task.taskSpec.volumes = [{ name: 'dockerconfig', secret: { secretName: 'registry' } }];
    const reading = own.engine();
    await reading.submit({ ...run, pipelineRun }, CREDENTIALS);

    expect(await reading.secretValues(run.name)).toEqual(['npm-token', 'registry-password']);
    expect(own.log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { secret: 'hidden', cure: expect.stringContaining('Role') } },
    ]);
  });

  test('gets its token although the Secret goes while it is written', async () => {
    const run = await submitted();
    const proxy = await startApiProxy(sharedPlane());
    try {
      const slow = world.engine({ kubeConfig: kubeConfigFor(proxy, 'tekton-ci') });
      const held = proxy.hold(({ verb, resource }) => verb === 'create' && resource === 'secrets', {
        afterEffect: true,
      });
      const giving = slow.renew(run.name, CREDENTIALS);
      await held.arrived;
      await engine.revoke(run.name);
      held.release();
      await giving;
    } finally {
      await proxy.close();
    }

    expect(tokenIn(await world.read('Secret', `${run.name}-git`))).toBe('ghs_first');
  });

  test('tells the operator that its token cannot be deleted, and goes on', async () => {
    const run = await submitted();

    await world.engine({ user: 'nobody' }).revoke(run.name);

    expect(world.log.lines.find(({ level }) => level === 'error')).toMatchObject({
      message: "a run's git token was not deleted",
      fields: { run: run.name, cure: expect.stringContaining('give its user the Role of the Helm chart') },
    });
  });

  test.each([
    ['with-build', 'Cancelled'],
    ['seed-gmqtt-tasks', 'CancelledRunFinally'],
  ])('%s is ended by %s, and says by whom and why', async (example, status) => {
    const run = await submitted(example);
    await engine.release(run.name);
    await world.change('PipelineRun', run.name, { status: { startTime: new Date().toISOString() } });

    await engine.cancel(run.name, 'octocat', 'a newer commit came');
    await engine.cancel(run.name, 'somebody', 'too late');

    const { spec, metadata } = await world.read('PipelineRun', run.name);
    expect(spec.status).toBe(status);
    expect(JSON.parse(metadata.annotations[ANNOTATION.cause])).toEqual({
      kind: 'cancelled',
      by: 'octocat',
      why: 'a newer commit came',
      at: expect.stringMatching(/^20.*Z$/),
    });
  });

  test('cleans up nothing when it is ended before Tekton has begun with it', async () => {
    const run = await submitted('seed-gmqtt-tasks');
    await engine.release(run.name);

    await engine.cancel(run.name, 'octocat', 'a newer commit came');

    expect((await world.read('PipelineRun', run.name)).spec.status).toBe('Cancelled');
  });

  test('is not cancelled once it has ended', async () => {
    const run = await submitted();
    await engine.release(run.name);
    await world.change('PipelineRun', run.name, {
      status: { conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }] },
    });

    await engine.cancel(run.name, 'octocat', 'a newer commit came');

    const { spec, metadata } = await world.read('PipelineRun', run.name);
    expect(spec.status).toBeUndefined();
    expect(metadata.annotations[ANNOTATION.cause]).toBeUndefined();
  });

  test('is removed, and a second time nothing happens', async () => {
    const run = await submitted();

    await engine.remove(run.name);
    await engine.remove(run.name);

    expect(await world.read('PipelineRun', run.name)).toBeNull();
  });

  test('is found in whichever of several namespaces it is', async () => {
    const second = await createWorld();
    const both = second.engine({ namespaces: [world.namespace, second.namespace] });
    const run = runOf('with-build', second.namespace);
    await both.submit(run, CREDENTIALS);

    await both.release(run.name);

    expect((await second.read('PipelineRun', run.name)).spec.status).toBeUndefined();
  });
});

test('nothing happens to a run that is gone', async () => {
  await engine.release('gone');
  await engine.annotate('gone', { [ANNOTATION.check]: '{}' });
  await engine.renew('gone', CREDENTIALS);
  await engine.cancel('gone', 'octocat', 'why not');
  await engine.answer('gone', 'staging', { go: 'yes' });

  expect(await world.read('Secret', 'gone-git')).toBeNull();
});

describe('answer', () => {
  async function waiting(target = 'staging'): Promise<Run> {
    const run = await submitted('deploy-several-targets');
    await world.make('CustomRun', {
      apiVersion: 'tekton.dev/v1beta1',
      kind: 'CustomRun',
      metadata: childOf(run, `turn-${target}`),
      spec: {
        customRef: { apiVersion: 'tekton-ci.dev/v1', kind: 'Turn' },
        params: [{ name: 'target', value: target }],
      },
    });
    return run;
  }

  const statusOf = async (run: Run) => (await world.read('CustomRun', `${run.name}-turn-staging`)).status;

  test('lets a deploy begin', async () => {
    const run = await waiting();

    await engine.answer(run.name, 'staging', { go: 'yes' });

    expect(await statusOf(run)).toMatchObject({
      conditions: [{ type: 'Succeeded', status: 'True' }],
      results: [{ name: 'go', value: 'yes' }],
    });
  });

  test('says why a deploy is left out', async () => {
    const run = await waiting();

    await engine.answer(run.name, 'staging', { go: 'no', reason: 'a newer commit was deployed' });

    expect(await statusOf(run)).toMatchObject({
      conditions: [{ status: 'True', message: 'a newer commit was deployed' }],
      results: [{ name: 'go', value: 'no' }],
    });
  });

  test('is given once, whoever else answers at the same time', async () => {
    const run = await waiting();

    await Promise.all([
      ...Array.from({ length: 5 }, () => world.engine().answer(run.name, 'staging', { go: 'yes' })),
      ...Array.from({ length: 5 }, () =>
        world.engine().answer(run.name, 'staging', { go: 'no', reason: 'late' }),
      ),
    ]);
    const first = await statusOf(run);
    await engine.answer(run.name, 'staging', {
      go: first.results[0].value === 'yes' ? 'no' : 'yes',
      reason: '',
    });

    expect(await statusOf(run)).toEqual(first);
    expect(first.conditions).toHaveLength(1);
  });

  test('is not given to a turn that is to end, nor for another target', async () => {
    const run = await waiting();
    await engine.answer(run.name, 'production', { go: 'yes' });
    expect(await statusOf(run)).toBeUndefined();
    await world.change('CustomRun', `${run.name}-turn-staging`, { spec: { status: 'RunCancelled' } });

    await engine.answer(run.name, 'staging', { go: 'yes' });

    expect(await statusOf(run)).toBeUndefined();
  });
});

function mayRead(...resourceNames: readonly string[]) {
  return { apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['get'] };
}
