import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { describeChart } from '../chart/helm.ts';
import { makeNamespace, removeNamespace } from './namespace.ts';
import { goService, imageOf } from './projects.ts';
import { readClusterSettings } from './settings.ts';
import { operatorSettings, startWorld, type World } from './world.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
/** What the Dockerfile copies. */
const COPIED = /^(package.*\.json|tsconfig.*\.json|LICENSE|Dockerfile|\.dockerignore|bin\/.*|src\/.*)$/;
const RELEASE = 'tekton-ci';

const { app: base } = readClusterSettings().bases;
const describeInside = base === undefined ? describe.skip : describeChart;

describeInside('the product, in the cluster', () => {
  let world: World;
  let home: string;
  let forward: ChildProcess | undefined;

  beforeAll(async () => {
    world = await startWorld({ layout: 'pod', operator: { resources: { cpu: '50m', memory: '2Gi' } } });
    home = await makeNamespace(world.kubernetes, world.settings);
  });

  afterAll(async () => {
    forward?.kill();
    expect(world.github.violations).toEqual([]);
    await removeNamespace(world.kubernetes, home);
    await world.close();
  });

  test('is built by itself with kaniko, installed by its chart, and deploys the Go example from there', async () => {
    const image = imageOf(world, 'tekton-ci');
    const itself = await world.repository('itself');
    const built = await world.github.pushFiles(itself, { files: product(image, world), branch: 'main' });
    const build = await world.verdict({ repository: itself, sha: built.sha }, 500);
    expect(build).toMatchObject({ conclusion: 'success' });
    const [digest] = /sha256:[0-9a-f]{64}/.exec(build.summary ?? '') ?? [];

    await world.server.stop();
    await install(world, home, { repository: image, tag: built.sha, digest });
    forward = await forwardTo(home, (url) =>
      world.github.setWebhook(`${url}/api/github/webhooks`, world.app.webhookSecret),
    );
    const repository = await world.repository('go');
    const { sha } = await world.github.pushFiles(repository, { files: goService(world), branch: 'main' });
    const check = await world.verdict({ repository, sha });

    expect(check).toMatchObject({ conclusion: 'success' });
    const pods = await world.kubernetes.list(world.at('v1/pods'), { labelSelector: 'service=go' });
    const [deployed] = /sha256:[0-9a-f]{64}/.exec(check.summary ?? '') ?? ['no digest'];
    expect(pods[0].status.containerStatuses[0].imageID).toContain(deployed);
  });
});

function product(image: string, { settings }: World): Record<string, string> {
  const paths = readdirSync(ROOT, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isFile() ? [entry.name] : ['bin', 'src'].includes(entry.name) ? below(entry.name) : [],
    )
    .filter((path) => COPIED.test(path));
  const config = {
    use: settings.shell,
    test: 'echo fine',
    image: { name: image, build_args: { BASE_IMAGE: base } },
    timeout: '20m',
  };
  return {
    ...Object.fromEntries(paths.map((path) => [path, readFileSync(ROOT + path, 'utf8')])),
    '.tekton-ci.yml': dump(config),
  };
}

function below(folder: string): string[] {
  return readdirSync(ROOT + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length));
}

async function install(world: World, home: string, image: object): Promise<void> {
  const { appId, privateKey, webhookSecret } = world.app;
  const values = {
    image,
    credentials: { appId: String(appId), privateKey, webhookSecret },
    github: { host: world.github.host, protocol: 'http' },
    settings: operatorSettings(world.namespace, world.settings, { layout: 'pod' }),
    persistence: { enabled: false },
  };
  const chart = `${ROOT}charts/tekton-ci`;
  const options = ['--namespace', home, '--values', '-', '--wait', '--timeout', '180s'];
  const running = promisify(execFile)(env.HELM || 'helm', [
    'upgrade',
    '--install',
    RELEASE,
    chart,
    ...options,
  ]);
  running.child.stdin?.end(dump(values, { noRefs: true }));
  await running;
}

/** Pods need not be reachable from this machine: `kubectl` makes them so. Resolves once they are. */
async function forwardTo(home: string, use: (url: string) => void): Promise<ChildProcess> {
  const child = spawn('kubectl', ['port-forward', '--namespace', home, `deployment/${RELEASE}`, ':3000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    if (port === undefined) continue;
    use(`http://127.0.0.1:${port}`);
    return child;
  }
  throw new Error('kubectl port-forward has ended');
}
