import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let child: ChildProcess;
let shown: { url: string; appId: number; privateKeyPath: string; webhookSecret: string };

beforeAll(async () => {
  child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./bin.ts', import.meta.url)), '--webhook-secret', 'known'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    },
  );
  const [line] = (await once(createInterface(child.stdout as NodeJS.ReadableStream), 'line')) as [string];
  shown = JSON.parse(line) as typeof shown;
});

afterAll(() => {
  child.kill();
});

async function control(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${shown.url}/_control/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

test('the program says where it is, plays people by its control API, and ends with its starter', async () => {
  const repository = await control('POST', 'repositories', { owner: 'acme', name: 'api' });
  await control('PUT', 'webhook', { url: 'http://127.0.0.1:9/' });
  const pushed = await control('POST', 'pushes', { repository: 'acme/api', files: { a: '1' } });
  const deliveries = await control('GET', 'deliveries');
  const checks = await control('GET', 'checks?repository=acme/api');
  const unknown = await control('GET', 'nonsense');
  const wrong = await control('GET', 'checks?repository=no/where');

  expect(shown).toMatchObject({ webhookSecret: 'known', appId: expect.any(Number) });
  expect(repository).toMatchObject({ fullName: 'acme/api', cloneUrl: `${shown.url}/acme/api.git` });
  expect(pushed).toMatchObject({
    ref: 'refs/heads/main',
    delivery: { event: 'push', status: 'failed to connect to host' },
  });
  expect(deliveries).toEqual(expect.arrayContaining([expect.objectContaining({ event: 'push' })]));
  expect(checks).toEqual([]);
  expect(unknown.message).toContain('GET checks');
  expect(wrong.message).toContain('there is no repository no/where');
  expect(existsSync(shown.privateKeyPath)).toBe(true);

  child.stdin?.end();
  const [code] = (await once(child, 'exit')) as [number | null];

  expect(code).toBe(0);
  expect(existsSync(shown.privateKeyPath)).toBe(false);
});
