import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp } from '../server/start-app.ts';
import { readProcesses } from './processes.ts';
import { completed, nodeProject, startWorld, type World } from './world.ts';

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
    for (const name of [
      'APP_ID',
      'PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'GHE_HOST',
      'PORT',
      'TEKTON_CI_LOCAL_RUNTIME=host',
    ]) {
      expect(output).toContain(name);
    }
  });

  test('does not start with an empty webhook secret', async () => {
    const { code, output } = await startBare({
      APP_ID: '1',
      PRIVATE_KEY: 'x',
      WEBHOOK_SECRET: ' ',
      TEKTON_CI_LOCAL_RUNTIME: 'host',
    });

    expect(code).toBe(1);
    expect(output).toContain('WEBHOOK_SECRET is missing');
  });

  test('ends within 10 s of SIGTERM, with its steps; its next start tells what became of the run', async () => {
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
        ['failure', expect.stringMatching(/^Infrastructure: /)],
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
      const { sha } = await world.github.pushFiles(repository, { files: nodeProject('') });
      await world.until(repository, sha, completed);

      const hosts = (await readFile(record, 'utf8')).trim().split('\n');
      expect(new Set(hosts)).toEqual(new Set([world.github.host]));
    } finally {
      await world.close();
    }
  });
});

/** A run whose test never ends by itself; resolves once it runs. */
async function startEndlessRun(world: World) {
  const repository = await world.repository('endless');
  const ready = world.github.hold(({ path }) => path.includes('ready.git'));
  const program = `
    const { execFile } = require('node:child_process');
    execFile('git', ['ls-remote', '${world.github.url}/acme/ready.git']);
    setInterval(() => {}, 1000);`;
  const { sha } = await world.github.pushFiles(repository, { files: nodeProject(program) });
  await ready.arrived;
  ready.release();
  return { repository, sha };
}

/** How many processes of this machine work in the world's folder. */
async function processesOf({ data }: World): Promise<number> {
  const all = await readProcesses();
  return all.filter(({ environment }) => environment.includes(`${data}/runs/`)).length;
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
