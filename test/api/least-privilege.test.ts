import { describe, expect, test } from '@jest/globals';
import { createKubeClient, type KubeRequest } from '../../src/tekton/kube-client.ts';
import { statusOf } from '../../src/tekton/kube-error.ts';
import { MERGE_PATCH, PIPELINE_RUNS, PODS, pathOf, SECRETS } from '../../src/tekton/resources.ts';
import { completed } from '../e2e/world.ts';
import { startAppWorld } from './app-world.ts';
import { auditedCalls, rightsOf } from './audit.ts';
import { kubeConfigWithToken, until } from './control-plane.ts';
import { install } from './install.ts';
import { type KubeObject, sharedPlane } from './world.ts';

const installations = Promise.all([install(sharedPlane()), install(sharedPlane())]);

test('the whole job uses every right of the chart, and no other', async () => {
  const world = await startAppWorld({
    settings: { keep: { for: '7d' }, repositories: { '*': { deploy: { serviceAccount: 'deployer' } } } },
  });
  const { installation, github, admin } = world;
  const { namespace, home, user } = installation;
  const held = Promise.withResolvers<number>();
  world.tekton.run(({ step }) => (step === 'test' ? held.promise : 0));
  const config = 'use: alpine:3.22\ntest: make\n';
  const deploy = 'deploy: { to: production, commands: make deploy }\n';
  const old = await world.repository('old');
  const pushed = await github.pushFiles(old, { files: { '.tekton-ci.yml': config } });
  const delivery = await pushed.delivery;
  await until(async () => (await world.runs(old))[0]?.status !== undefined, 'the run to begin');
  await github.redeliver(delivery!.id);
  const deployed = await world.repository('deployed');
  const { sha } = await github.pushFiles(deployed, { files: { '.tekton-ci.yml': config + deploy } });
  held.resolve(0);
  await world.checked({ repository: old, sha: pushed.sha }, completed);
  await world.checked({ repository: deployed, sha }, completed);
  const [run] = await world.runs(old);
  await until(async () => (await reportOf(run)).status === 'completed', 'the report to be remembered');
  await world.kill('SIGTERM');
  await admin.request({
    method: 'PATCH',
    path: `${pathOf(PIPELINE_RUNS, namespace, run.metadata.name)}/status`,
    contentType: MERGE_PATCH,
    body: { status: { completionTime: new Date(Date.now() - 9 * 24 * 3_600_000).toISOString() } },
  });
  await world.start();
  await until(async () => (await world.runs(old)).length === 0, 'the old run to be removed');
  await world.close();

  const calls = auditedCalls(sharedPlane(), user);
  expect(calls.filter(({ code }) => code === 401 || code === 403)).toEqual([]);
  expect(new Set(calls.map((call) => call.namespace))).toEqual(new Set([namespace, home]));
  const granted = rightsOf((await installation.roles()).flatMap(({ rules }) => rules));
  expect(new Set(calls.map(({ right }) => right))).toEqual(new Set(granted));

  async function reportOf({ metadata: { name } }: KubeObject) {
    const { metadata } = (await admin.request({
      method: 'GET',
      path: pathOf(PIPELINE_RUNS, namespace, name),
    })) as KubeObject;
    return JSON.parse(metadata.annotations['tekton-ci.dev/check'] ?? '{}');
  }
});

describe('the service account may not', () => {
  const runs = (namespace: string) => pathOf(PIPELINE_RUNS, namespace);
  const secrets = (namespace: string) => pathOf(SECRETS, namespace);
  const pods = (namespace: string) => pathOf(PODS, namespace);

  test.each<[string, KubeRequest['method'], (own: string, other: string) => string]>([
    ['list runs of another namespace', 'GET', (_, other) => runs(other)],
    ['make runs in another namespace', 'POST', (_, other) => runs(other)],
    ['make Secrets in another namespace', 'POST', (_, other) => secrets(other)],
    ['read logs of another namespace', 'GET', (_, other) => `${pods(other)}/any/log`],
    ['list Secrets', 'GET', (own) => secrets(own)],
    ['read a Secret', 'GET', (own) => `${secrets(own)}/another`],
    ['read a Secret by changing it', 'PATCH', (own) => `${secrets(own)}/another`],
    ['delete all Secrets', 'DELETE', (own) => secrets(own)],
    ['make pods', 'POST', (own) => pods(own)],
    ['delete pods', 'DELETE', (own) => `${pods(own)}/any`],
    ['run a command in a pod', 'POST', (own) => `${pods(own)}/any/exec?command=sh`],
    ['make TaskRuns', 'POST', (own) => `/apis/tekton.dev/v1/namespaces/${own}/taskruns`],
    ['write the status of runs', 'PATCH', (own) => `${runs(own)}/any/status`],
    ['mint tokens', 'POST', (own) => `/api/v1/namespaces/${own}/serviceaccounts/default/token`],
    ['make Roles', 'POST', (own) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${own}/roles`],
    ['read ConfigMaps', 'GET', (own) => `/api/v1/namespaces/${own}/configmaps`],
    ['list runs of the cluster', 'GET', () => '/apis/tekton.dev/v1/pipelineruns'],
    ['list pods of the cluster', 'GET', () => '/api/v1/pods'],
    ['list Secrets of the cluster', 'GET', () => '/api/v1/secrets'],
    ['list namespaces', 'GET', () => '/api/v1/namespaces'],
    ['list nodes', 'GET', () => '/api/v1/nodes'],
    ['make ClusterRoles', 'POST', () => '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
  ])('%s', async (_, method, pathIn) => {
    const [{ namespace, token }, other] = await installations;
    const client = createKubeClient(kubeConfigWithToken(sharedPlane(), token), 10_000);

    const answer = client.request({
      method,
      path: pathIn(namespace, other.namespace),
      ...(method === 'GET' ? {} : { body: {} }),
      ...(method === 'PATCH' ? { contentType: MERGE_PATCH } : {}),
    });

    const error = await answer.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(statusOf(error)).toBe(403);
  });
});
