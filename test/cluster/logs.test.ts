import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { createDiskLogStore } from '../../src/logs/disk-log-store.ts';
import { createKubeClient } from '../../src/tekton/kube-client.ts';
import { loadKubeConfig } from '../../src/tekton/kube-config.ts';
import { createWire, type Wire } from '../api/wire.ts';
import type { CheckState } from '../github/check-store.ts';
import { type CreatedApp, type GitHub, startGitHub } from '../github/github.ts';
import { type RunningApp, startApp } from '../server/start-app.ts';
import { connect, eventually, type KubeObject, type Kubernetes } from './kubernetes.ts';
import { makeNamespace, removeNamespace } from './namespace.ts';
import { type ClusterSettings, readClusterSettings, SERVER_PID } from './settings.ts';
import { operatorSettings } from './world.ts';

const LINES = 200_000;
const OUTAGE_MS = 20_000;

let kubernetes: Kubernetes;
let settings: ClusterSettings;
let namespace: string;
let data: string;
let wire: Wire;
let github: GitHub;
let app: CreatedApp;
let server: RunningApp;

/** A server that is killed and started again, on a folder of its own, and a wire to the API server that can be blocked. */
beforeAll(async () => {
  kubernetes = connect();
  settings = readClusterSettings();
  namespace = await makeNamespace(kubernetes, settings);
  data = await mkdtemp(join(env.TEST_CLUSTER_DATA ?? tmpdir(), 'server-'));
  wire = await createWireToCluster(join(data, 'kubeconfig'));
  const operator = operatorSettings(namespace, settings, { layout: 'pod' });
  await writeFile(join(data, 'settings.yml'), dump(operator, { noRefs: true }));
  github = await startGitHub({ address: settings.address });
  app = await github.createApp({ webhookSecret: 'a webhook secret of the tests' });
  await start();
});

afterAll(async () => {
  expect(github?.violations).toEqual([]);
  await server?.stop();
  await github?.close();
  await wire?.close();
  await removeNamespace(kubernetes, namespace);
  await rm(data, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const environment = {
    KUBECONFIG: join(data, 'kubeconfig'),
    TEKTON_CI_ENGINE: 'tekton',
    TEKTON_CI_SETTINGS: join(data, 'settings.yml'),
    TEKTON_CI_SWEEP_INTERVAL: '3600',
  };
  server = await startApp({ github, app, data, env: environment });
  await writeFile(join(data, SERVER_PID), String(server.pid));
}

/** Writes a kubeconfig whose API server is behind the wire. */
async function createWireToCluster(file: string): Promise<Wire> {
  const config = loadKubeConfig();
  const { hostname, port } = new URL(config.getCurrentCluster()?.server ?? '');
  const made = await createWire(Number(port || 443), hostname);
  const exported: KubeObject = JSON.parse(config.exportConfig());
  for (const { cluster } of exported.clusters) {
    cluster.server = `https://127.0.0.1:${made.port}`;
    cluster['insecure-skip-tls-verify'] = true;
    delete cluster['certificate-authority-data'];
    delete cluster['certificate-authority'];
  }
  await writeFile(file, JSON.stringify(exported));
  return made;
}

interface Printing {
  readonly name: string;
  /** Seconds that all lines take, about. */
  readonly seconds: number;
  /** After the number of a line. */
  readonly more?: string;
  /** Done once so much of the log is stored, each in turn. */
  readonly during?: readonly { readonly part: number; readonly act: () => Promise<void> }[];
  /** Done once the step has ended. */
  readonly after?: (pod: string) => Promise<void>;
}

/** Has a pod print numbered lines; resolves with what is stored of them in the end. */
async function print({ name, seconds, more = '', during = [], after }: Printing): Promise<readonly string[]> {
  const parts = 5 * seconds;
  const each = LINES / parts;
  const loop = `for i in $(seq 0 ${parts - 1}); do seq -f "line %.0f${more}" $((i * ${each})) $((i * ${each} + ${each - 1})); sleep 0.2; done`;
  const repository = await github.createRepository({ owner: 'acme', name, private: true });
  const config = `use: ${settings.shell}\ntest: ${JSON.stringify(loop)}\n`;
  const { sha } = await github.pushFiles(repository, {
    files: { '.tekton-ci.yml': config },
    branch: 'main',
  });
  const check = () => github.checks(repository, sha).find((each) => each.name === 'tekton-ci');
  const { externalId } = await eventually('a check', async () => check());
  const size = () =>
    stat(join(data, 'logs', externalId, 'test.log')).then(
      (file) => file.size,
      () => 0,
    );
  const whole = LINES * (`line 100000${more}`.length + 1);
  for (const { part, act } of during) {
    await eventually(`${part} of the log`, async () => (await size()) > part * whole, 240);
    await act();
  }
  if (after !== undefined) await after(await endedPod(externalId));
  const done = await eventually<CheckState>('its end', async () => ended(check()), 300);
  expect(done.conclusion).toBe('success');
  return storedLines(externalId);
}

function ended(check: CheckState | undefined): CheckState | null {
  return check?.status === 'completed' ? check : null;
}

/** The run's pod, once the step that prints has ended. */
async function endedPod(run: string): Promise<string> {
  const labelSelector = `tekton.dev/pipelineRun=${run}`;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const pod = await eventually(
    'the end of the step',
    async () => {
      const pods = await kubernetes.list(path, { labelSelector });
      return pods.find(({ status }) =>
        status.containerStatuses?.some(
          ({ name, state }: KubeObject) => name === 'step-test' && state.terminated !== undefined,
        ),
      );
    },
    300,
  );
  return pod.metadata.name;
}

async function storedLines(run: string): Promise<readonly string[]> {
  const parts: Uint8Array[] = [];
  for await (const bytes of createDiskLogStore({ directory: data }).read(run, { stage: 'test' }))
    parts.push(bytes);
  return Buffer.concat(parts).toString().split('\n');
}

/** Where the stored lines are not the numbered ones; null when they are. */
function firstDifference(stored: readonly string[], more = ''): string | null {
  const lines = stored.filter((line) => line !== '' && !line.startsWith('::'));
  const at = Array.from({ length: LINES }).findIndex((_, index) => lines[index] !== `line ${index}${more}`);
  if (at === -1 && lines.length === LINES) return null;
  return `${lines.length} lines, at ${at}: ${JSON.stringify(lines.slice(Math.max(0, at - 2), at + 3))}`;
}

async function restart(signal: NodeJS.Signals): Promise<void> {
  await server.stop(signal);
  await start();
}

test('a server that is killed, and one that is stopped, in the middle of a log cost no line', async () => {
  const lines = await print({
    name: 'restarted',
    seconds: 20,
    during: [
      { part: 0.2, act: () => restart('SIGKILL') },
      { part: 0.6, act: () => restart('SIGTERM') },
    ],
  });

  expect(firstDifference(lines)).toBeNull();
});

test('an API server that is gone for 20 s in the middle of a log, and at its end, costs no line', async () => {
  const outage = async () => {
    wire.block();
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    wire.open();
  };

  const lines = await print({ name: 'outage', seconds: 20, during: [{ part: 0.3, act: outage }] });

  expect(firstDifference(lines)).toBeNull();
});

test('a pod that is deleted as soon as its step has ended costs no line', async () => {
  const lines = await print({
    name: 'deleted',
    seconds: 5,
    async after(pod) {
      await kubernetes.remove(`/api/v1/namespaces/${namespace}/pods/${pod}`, { gracePeriodSeconds: 0 });
    },
  });

  expect(firstDifference(lines)).toBeNull();
});

test('a log that the kubelet rotates while it is read costs no line', async () => {
  const more = ` ${'x'.repeat(140)}`;
  let left = LINES;
  const lines = await print({
    name: 'rotated',
    seconds: 40,
    more,
    async after(pod) {
      left = await linesLeft(pod);
    },
  });

  expect(left).toBeLessThan(LINES / 2);
  expect(firstDifference(lines, more)).toBeNull();
});

/** Lines of the step that the kubelet still gives. */
async function linesLeft(pod: string): Promise<number> {
  const client = createKubeClient(loadKubeConfig(), 30_000);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const log = await client.open(path, { container: 'step-test' }, new AbortController().signal);
  let lines = 0;
  for await (const bytes of log) lines += bytes.filter((byte) => byte === 0x0a).length;
  return lines;
}
