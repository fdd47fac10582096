import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request,
  type Server,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import fc from 'fast-check';
import { readEvent } from '../../src/github/read-event.ts';
import {
  createWebhookHandler,
  type Delivery,
  type WebhookHandlerOptions,
} from '../../src/github/webhook-handler.ts';
import { recordingLog } from './fixture.ts';

const SECRET = 'sesame';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Setup {
  readonly port: number;
  readonly received: Delivery[];
  readonly log: ReturnType<typeof recordingLog>;
}

async function setUp(options: Partial<WebhookHandlerOptions> = {}): Promise<Setup> {
  const received: Delivery[] = [];
  const log = recordingLog();
  const receive = async (delivery: Delivery) => void received.push(delivery);
  const handle = createWebhookHandler({ secret: SECRET, receive, log, ...options });
  const server = createServer((req, res) => void handle(req, res));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, received, log };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function send(
  port: number,
  {
    method = 'POST',
    headers = {},
    body = [],
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: (string | Buffer)[] },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ port, host: '127.0.0.1', method, headers, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        text += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, text }));
      res.on('error', reject);
    });
    req.on('error', reject);
    for (const chunk of body) req.write(chunk);
    req.end();
  });
}

async function signed(body: string, headers: OutgoingHttpHeaders = {}): Promise<OutgoingHttpHeaders> {
  return {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': body === '' ? 'sha256=' : await sign(SECRET, body),
    ...headers,
  };
}

async function post(port: number, body: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  return send(port, { headers: await signed(body, headers), body: [body] });
}

describe('a delivery', () => {
  test('with a right signature is received and answered 200', async () => {
    const { port, received } = await setUp();

    const answer = await post(port, '{"ref":"refs/heads/größe"}');

    expect(answer.status).toBe(200);
    expect(received).toEqual([
      { id: '72d3162e-cc78-11e3-81ab-4c9367dc0958', name: 'push', payload: { ref: 'refs/heads/größe' } },
    ]);
  });

  test('is not answered before its effect is durable', async () => {
    const durable = Promise.withResolvers<void>();
    const { port } = await setUp({ receive: () => durable.promise });
    let answered = false;

    const answer = post(port, '{}').then((it) => {
      answered = true;
      return it;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    durable.resolve();

    expect((await answer).status).toBe(200);
  });

  test.each([
    ['rejects', async () => Promise.reject(new Error('no disk'))],
    ['rejects with nothing', async () => Promise.reject(undefined)],
    [
      'throws',
      () => {
        throw new Error('no disk');
      },
    ],
  ])('whose receiver %s is answered 503', async (_, receive) => {
    const { port } = await setUp({ receive });

    expect((await post(port, '{}')).status).toBe(503);
  });

  test('that takes too long is answered 503 and its signal is aborted', async () => {
    const aborted = Promise.withResolvers<void>();
    const { port, log } = await setUp({
      deadlineMs: 30,
      receive: (_, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted.resolve();
            reject(new Error('stopped late'));
          });
        }),
    });

    expect((await post(port, '{}')).status).toBe(503);

    await aborted.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.lines.map(({ message }) => message)).toContain('a late delivery failed');
  });

  test('leaves neither its body nor its headers in answer or log when it fails', async () => {
    const failure = Object.assign(new Error('no disk'), { event: { payload: 'payload-marker' } });
    const { port, log } = await setUp({ receive: async () => Promise.reject(failure) });

    const { text } = await post(port, '{"a":"payload-marker"}', { 'x-github-event': 'event_marker' });

    expect(text).not.toMatch(/marker/);
    expect(JSON.stringify(log.lines)).not.toContain('payload-marker');
  });
});

describe('what GitHub did not send is refused, and nothing is done', () => {
  const body = '{"ref":"refs/heads/main"}';

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s is answered 405', async (method) => {
    const { port, received } = await setUp();

    const answer = await send(port, { method, headers: await signed(body) });

    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
    expect(received).toEqual([]);
  });

  test.each([
    ['no signature', {}],
    ['an empty one', { 'x-hub-signature-256': '' }],
    ['one of another body', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['one that is too short', { 'x-hub-signature-256': 'sha256=abc' }],
    ['one of SHA-1 only', { 'x-hub-signature': `sha1=${'0'.repeat(40)}` }],
    ['one of several', { 'x-hub-signature-256': [`sha256=${'0'.repeat(64)}`, `sha256=${'1'.repeat(64)}`] }],
  ])('%s is answered 401', async (_, signature) => {
    const { port, received } = await setUp();
    const { 'x-hub-signature-256': __, ...headers } = await signed(body);

    const answer = await send(port, { headers: { ...headers, ...signature }, body: [body] });

    expect(answer.status).toBe(401);
    expect(received).toEqual([]);
  });

  test('a signature by another secret is answered 401', async () => {
    const { port, received } = await setUp();

    const answer = await post(port, body, { 'x-hub-signature-256': await sign('other', body) });

    expect(answer.status).toBe(401);
    expect(received).toEqual([]);
  });

  test('bytes that are not UTF-8 cannot be signed', async () => {
    const { port, received } = await setUp();
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const { createHmac } = await import('node:crypto');
    const signature = `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;

    const answer = await send(port, {
      headers: await signed(body, { 'x-hub-signature-256': signature }),
      body: [bytes],
    });

    expect(answer.status).toBe(401);
    expect(received).toEqual([]);
  });

  test('no body at all is answered 401', async () => {
    const { port } = await setUp();

    expect((await post(port, '')).status).toBe(401);
  });

  test.each(['garbage', '{"a":', 'null', '[]', '[{}]', '7', '"text"', 'true', 'payload=%7B%7D', '\ufeff{}'])(
    'a body of %j is answered 400',
    async (text) => {
      const { port, received } = await setUp();

      expect((await post(port, text)).status).toBe(400);
      expect(received).toEqual([]);
    },
  );

  test.each(['x-github-event', 'x-github-delivery'])('without %s it is answered 400', async (header) => {
    const { port, received } = await setUp();
    const { [header]: _, ...headers } = await signed(body);

    expect((await send(port, { headers, body: [body] })).status).toBe(400);
    expect(received).toEqual([]);
  });

  test.each(['error', '*', '__proto__', 'push.created', 'Push', 'push push', 'push-'])(
    'an event named %j is answered 400',
    async (name) => {
      const { port, received } = await setUp();

      expect((await post(port, body, { 'x-github-event': name })).status).toBe(400);
      expect(received).toEqual([]);
    },
  );

  test('an empty secret is refused before anything is listened to', () => {
    const make = (secret: string) => () =>
      createWebhookHandler({ secret, receive: async () => {}, log: recordingLog() });

    expect(make('')).toThrow(expect.objectContaining({ code: 'webhook-secret-missing' }));
    expect(make('  ')).toThrow(expect.objectContaining({ code: 'webhook-secret-missing' }));
  });
});

describe('the size of a body', () => {
  test('of exactly 25 MiB is taken', async () => {
    const { port, received } = await setUp();
    const body = `{"a":"${'x'.repeat(25 * 1024 * 1024 - 8)}"}`;

    expect((await post(port, body)).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  test('one byte more without a content-length is answered 413, though its signature is right', async () => {
    const { port, received } = await setUp();
    const chunk = 'x'.repeat(1024 * 1024);
    const parts = [`{"a":"`, ...Array.from({ length: 25 }, () => chunk), '"}'];

    const answer = await send(port, { headers: await signed(parts.join('')), body: parts });

    expect(answer.status).toBe(413);
    expect(received).toEqual([]);
  });

  test('announced as too much is answered 413 before it is sent', async () => {
    const { port } = await setUp({ maxBytes: 100 });

    const status = await new Promise((resolve, reject) => {
      const req = request(
        { port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 101 } },
        (res) => {
          res.resume();
          resolve(res.statusCode);
          req.destroy();
        },
      );
      req.on('error', reject);
      req.flushHeaders();
    });

    expect(status).toBe(413);
  });

  test('too large, and unsigned, is answered 413 as well', async () => {
    const { port } = await setUp({ maxBytes: 100 });

    expect((await send(port, { body: ['x'.repeat(60), 'y'.repeat(60)] })).status).toBe(413);
  });

  test('without end is cut off, and memory does not grow with it', async () => {
    const { port } = await setUp({ maxBytes: 1000 });
    const chunk = Buffer.from(`10000\r\n${'x'.repeat(64 * 1024)}\r\n`);
    const before = process.memoryUsage().arrayBuffers;

    const text = await new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
        pump();
      });
      const pump = () => {
        if (socket.writable) socket.write(chunk, () => setImmediate(pump));
      };
      socket.setEncoding('utf8');
      socket.on('data', (data: string) => {
        heard += data;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(heard));
      setTimeout(() => reject(new Error('never cut off')), 10_000).unref();
    });

    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * 1024 * 1024);
  }, 15_000);
});

test('a client that leaves in the middle of its body harms nobody', async () => {
  const { port, received } = await setUp();
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf', () => socket.destroy());
    });
    socket.on('close', () => resolve());
  });

  expect((await post(port, '{}')).status).toBe(200);
  expect(received).toHaveLength(1);
});

test('whatever a signed payload holds, it is answered and never crashes', async () => {
  const example: unknown = JSON.parse(
    readFileSync(
      new URL('../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url),
      'utf8',
    ),
  );
  const push = JSON.stringify(
    (example as { name: string; examples: object[] }[]).find(({ name }) => name === 'push')!.examples[0],
  );
  const { port } = await setUp({ receive: async (delivery) => void readEvent(delivery, 1) });
  const junk = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', '', '\0', '$(x)', null, -1, 1e308));
  const mutated = fc
    .tuple(
      fc.nat(push.length - 1),
      fc.nat(40),
      fc.oneof(
        fc.string(),
        junk.map((value) => JSON.stringify(value)),
      ),
    )
    .map(([at, length, text]) => push.slice(0, at) + text + push.slice(at + length));

  const bodies = fc.sample(mutated, { numRuns: 2000, seed: 23 });
  const statuses = new Map<number | undefined, number>();
  for (let from = 0; from < bodies.length; from += 50) {
    const answers = await Promise.all(bodies.slice(from, from + 50).map((body) => post(port, body)));
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  expect([...statuses.keys()].sort()).toEqual([200, 400]);
}, 30_000);
