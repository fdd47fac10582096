import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { completed, SECRET, shellProject, startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

describe('deliveries', () => {
  test('of the same push 50 times at once make one run and one check', async () => {
    const repository = await world.repository('doubled');
    const { sha, delivery } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    const first = await delivery;

    const again = await Promise.all(
      Array.from({ length: 50 }, () =>
        world.github.deliver('push', first?.payload ?? {}, { guid: first?.guid ?? '' }),
      ),
    );
    await world.until(repository, sha, completed);

    expect(again.map((one) => one?.statusCode)).toEqual(again.map(() => 200));
    expect(world.github.checks(repository, sha)).toHaveLength(1);
    expect(runs(world.server.log(), sha)).toEqual(
      new Set([world.github.checks(repository, sha)[0]?.externalId]),
    );
  });

  test('of one project cost at most four requests with warm caches', async () => {
    const repository = await world.repository('frugal');
    const first = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    await world.until(repository, first.sha, completed);
    world.github.resetRequests();

    const { sha } = await world.github.pushFiles(repository, { files: { 'a.txt': 'a' } });
    await world.until(repository, sha, completed);

    expect(world.github.countRequests()).toBeLessThanOrEqual(4);
    expect(world.github.countRequests({ match: 'graphql' })).toBe(1);
    expect(world.github.countRequests({ match: 'checks/create' })).toBe(1);
  });
});

describe('what GitHub did not send', () => {
  test.each([
    ['a wrong signature', { body: '{}', signature: `sha256=${'0'.repeat(64)}` }, 401],
    ['no signature', { body: '{}', signature: '' }, 401],
    ['garbage', { body: '{"a":' }, 400],
    ['null', { body: 'null' }, 400],
    ['an array', { body: '[1]' }, 400],
  ])('%s is refused', async (_, { body, signature }: { body: string; signature?: string }, status) => {
    const before = world.github.requests.length;

    expect(await post(body, { ...(signature === undefined ? {} : { signature }) })).toBe(status);

    expect(world.github.requests).toHaveLength(before);
  });

  test('more than 25 MB is refused while it streams', async () => {
    expect(await stream(30)).toBe(413);
  });

  test('an event of an unknown installation is ignored', async () => {
    const repository = await world.repository('unknown');
    const { delivery } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    const payload = (await delivery)?.payload ?? {};

    expect(await post(JSON.stringify({ ...payload, installation: { id: 999_999 } }))).toBe(200);
  });
});

describe('when GitHub fails', () => {
  test('a delivery whose reads fail is answered 503, and its redelivery makes the run', async () => {
    const repository = await world.repository('outage');
    world.github.fail({ match: 'graphql', status: 502 });
    const { sha, delivery } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    const lost = await delivery;
    expect(lost?.statusCode).toBe(503);
    expect(world.github.checks(repository, sha)).toEqual([]);

    await world.github.redeliver(lost?.id ?? 0);

    const [check] = await world.until(repository, sha, completed);
    expect(check?.conclusion).toBe('success');
  });

  test('a delivery that takes longer than 8 s is answered 503', async () => {
    const repository = await world.repository('slow');
    const held = world.github.hold('graphql');
    const { delivery } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    await held.arrived;

    const answered = await delivery;
    held.release();

    expect(answered?.statusCode).toBe(503);
    expect(answered?.durationMs).toBeLessThan(10_000);
  }, 20_000);

  test('a check whose creation was done but not answered is adopted, not made twice', async () => {
    const repository = await world.repository('adopted');
    world.github.fail({ match: 'checks/create', dropConnection: true, afterEffect: true });

    const { sha } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    const checks = await world.until(repository, sha, completed);

    expect(checks.map(({ conclusion }) => conclusion)).toEqual(['success']);
  });

  test('a check is updated until GitHub accepts it', async () => {
    const repository = await world.repository('stubborn');
    world.github.fail({ match: 'checks/update', times: 2, status: 500 });

    const { sha } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    const checks = await world.until(repository, sha, completed);

    expect(checks.map(({ conclusion }) => conclusion)).toEqual(['success']);
  });
});

describe('health', () => {
  test('is told at /healthz and /readyz', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect((await fetch(world.server.url + path)).status).toBe(200);
  });
});

/** The names of the runs that the server's log says were made for a commit. */
function runs(log: string, sha: string): Set<string> {
  const lines = log.split('\n').filter((line) => line.includes('run made') && line.includes(sha));
  return new Set(lines.map((line) => (JSON.parse(line) as { run: string }).run));
}

function headers(signature: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': crypto.randomUUID(),
    'x-hub-signature-256': signature,
  };
}

async function post(body: string, { signature = sign(body) } = {}): Promise<number> {
  const answer = await fetch(world.server.webhookUrl, { method: 'POST', body, headers: headers(signature) });
  return answer.status;
}

function sign(body: string): string {
  return `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
}

/** Streams so many megabytes without saying so before; resolves with the status. */
async function stream(megabytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      world.server.webhookUrl,
      { method: 'POST', headers: headers(sign('')) },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let left = megabytes;
    const write = () => {
      let room = true;
      while (left > 0 && room) {
        left -= 1;
        room = outgoing.write(chunk);
      }
      if (left > 0) outgoing.once('drain', write);
      else outgoing.end();
    };
    write();
  });
}
