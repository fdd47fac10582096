import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp } from '../server/start-app.ts';
import { countProcessesIn } from './processes.ts';
import { completed, endlessOnce, shellProject, startWorld, type World } from './world.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/tekton-ci.js', import.meta.url));
const RECORDER = fileURLToPath(new URL('../server/record-connections.cjs', import.meta.url));

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-process-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the server', () => {
  test('does not start without its settings, and lists all that is missing', async () => {
    const { code, output } = await startBare({ GHE_HOST: 'http://wrong/', PORT: 'many' });

    expect(code).toBe(1);
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'GHE_HOST', 'PORT']) {
      expect(output).toContain(name);
    }
  });

  test('does not run the steps of repositories as its own user unless it is told to', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

    const { code, output } = await startBare({
      APP_ID: '1',
      PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      WEBHOOK_SECRET: 'x',
      PORT: '0',
      PATH: directory,
      TEKTON_CI_DATA: join(directory, 'data'),
    });

    expect(code).toBe(1);
    expect(output).toContain('neither podman nor docker answers');
    expect(output).toContain('TEKTON_CI_LOCAL_RUNTIME=host');
  });

  test('does not start with an empty webhook secret', async () => {
    const { code, output } = await startBare({ APP_ID: '1', PRIVATE_KEY: 'x', WEBHOOK_SECRET: ' ' });

    expect(code).toBe(1);
    expect(output).toContain('WEBHOOK_SECRET is missing');
  });

  test('ends within 10 s of SIGTERM, with its steps; its next start begins the run anew', async () => {
    const world = await startWorld();
    try {
      const { sha, repository } = await startEndlessRun(world);
      expect(await processesOf(world)).not.toBe(0);
      const began = Date.now();

      expect(await world.server.stop('SIGTERM')).toBe(0);

      expect(Date.now() - began).toBeLessThan(10_000);
      expect(await processesOf(world)).toBe(0);
      const again = await startApp({ github: world.github, app: world.app, data: world.data });
      const checks = await world.until(repository, sha, completed);
      await again.stop();
      expect(checks.map(({ conclusion, title }) => [conclusion, title])).toEqual([
        ['success', expect.stringMatching(/^Succeeded/)],
      ]);
    } finally {
      await world.close();
    }
  });

  test('asks no other host than the configured GitHub', async () => {
    const record = join(directory, 'connections');
    const world = await startWorld({
      env: { NODE_OPTIONS: `--require=${RECORDER}`, RECORD_CONNECTIONS: record },
    });
    try {
      const repository = await world.repository('homely');
      const { sha } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
      await world.until(repository, sha, completed);

      const hosts = (await readFile(record, 'utf8')).trim().split('\n');
      expect(new Set(hosts)).toEqual(new Set([world.github.host]));
    } finally {
      await world.close();
    }
  });
});

/** A run whose test does not end by itself, the first time; resolves once it runs. */
async function startEndlessRun(world: World) {
  const repository = await world.repository('endless');
  const ready = world.github.hold(({ path }) => path.includes('ready.git'));
  const tell = `git ls-remote ${world.github.url}/acme/ready.git || true`;
  const test = endlessOnce(join(world.data, 'endless'), tell);
  const { sha } = await world.github.pushFiles(repository, { files: shellProject(test) });
  await ready.arrived;
  ready.release();
  return { repository, sha };
}

/** How many steps of the world's runs there are. */
function processesOf({ data }: World): Promise<number> {
  return countProcessesIn(`${data}/runs/`);
}

async function startBare(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [PROGRAM, 'server'], {
    env: { PATH: process.env.PATH, ...env },
    cwd: directory,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const [code] = await once(child, 'close');
  return { code, output };
}
