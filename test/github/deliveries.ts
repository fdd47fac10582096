import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type App, ENTERPRISE_VERSION, type Json, type World } from './world.ts';

export interface Delivery {
  readonly id: number;
  /** `X-GitHub-Delivery`; a redelivery has the same one. */
  readonly guid: string;
  readonly app: App;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Json;
  readonly redelivery: boolean;
  readonly deliveredAt: Date;
  readonly durationMs: number;
  /** GitHub's words: `OK`, `Invalid HTTP Response: 503`, `timed out`, `failed to connect to host`. */
  readonly status: string;
  /** 0 when there was no answer. */
  readonly statusCode: number;
  readonly response: { readonly headers: Json; readonly body: string } | null;
}

export interface Deliveries {
  /** Oldest first; each is added when it has been answered or given up. */
  readonly all: readonly Delivery[];
  /** Sends once, as GitHub does; resolves however it ended, to null when the app has no webhook. */
  send(app: App, event: string, payload: Json, guid?: string): Promise<Delivery | null>;
  redeliver(delivery: Delivery): Promise<Delivery | null>;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
  /** Waits for no answer any more. */
  close(): Promise<void>;
}

/** GitHub gives up on an answer after ten seconds, and never tries again by itself. */
const TIMEOUT = 10_000;

export function createDeliveries(world: World, timeout = TIMEOUT): Deliveries {
  const all: Delivery[] = [];
  const underway = new Set<Promise<unknown>>();
  const closing = new AbortController();

  function start(delivery: Omit<Sending, 'timeout' | 'closing'>): Promise<Delivery | null> {
    const sending = deliver(world, { ...delivery, timeout, closing: closing.signal }).then((delivery) => {
      if (delivery !== null) all.push(delivery);
      return delivery;
    });
    underway.add(sending);
    void sending.finally(() => underway.delete(sending));
    return sending;
  }

  async function settled(): Promise<void> {
    while (underway.size > 0) await Promise.all(underway);
  }

  return {
    all,
    settled,
    send: (app, event, payload, guid = randomUUID()) =>
      start({ app, event, payload, guid, redelivery: false }),
    redeliver: ({ app, event, payload, guid }) => start({ app, event, payload, guid, redelivery: true }),
    async close() {
      closing.abort();
      await settled();
    },
  };
}

interface Sending extends Pick<Delivery, 'app' | 'event' | 'payload' | 'guid' | 'redelivery'> {
  readonly timeout: number;
  readonly closing: AbortSignal;
}

async function deliver(world: World, sending: Sending): Promise<Delivery | null> {
  const { app, event, payload, guid, redelivery } = sending;
  const { url, secret } = app.webhook;
  if (url === null) return null;
  const body = JSON.stringify(payload);
  const headers = {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/stand-in',
    'x-github-delivery': guid,
    'x-github-enterprise-host': new URL(world.url).host,
    'x-github-enterprise-version': ENTERPRISE_VERSION,
    'x-github-event': event,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const deliveredAt = world.now();
  const started = performance.now();
  const outcome = await post(url, { headers, body }, sending);
  return {
    id: world.nextId() + 10_000_000_000,
    guid,
    app,
    event,
    action: typeof payload.action === 'string' ? payload.action : null,
    installationId: idOf(payload.installation),
    repositoryId: idOf(payload.repository),
    url,
    headers,
    payload,
    redelivery,
    deliveredAt,
    durationMs: Math.round(performance.now() - started),
    ...outcome,
  };
}

type Outcome = Pick<Delivery, 'status' | 'statusCode' | 'response'>;

interface Message {
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function post(
  url: string,
  { headers, body }: Message,
  { timeout, closing }: Sending,
): Promise<Outcome> {
  const late = AbortSignal.timeout(timeout);
  const signal = AbortSignal.any([late, closing]);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const length = String(Buffer.byteLength(body));
    // A connection of its own for each delivery: none is left open when a test closes its server.
    const outgoing = request(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: { ...headers, 'content-length': length },
    });
    outgoing.once('error', reject);
    outgoing.once('response', (answer) => {
      const statusCode = answer.statusCode ?? 0;
      const status = statusCode >= 200 && statusCode < 300 ? 'OK' : `Invalid HTTP Response: ${statusCode}`;
      text(answer).then(
        (words) => resolve({ status, statusCode, response: { headers: { ...answer.headers }, body: words } }),
        reject,
      );
    });
    outgoing.end(body);
    return await promise;
  } catch {
    return {
      status: late.aborted ? 'timed out' : 'failed to connect to host',
      statusCode: 0,
      response: null,
    };
  }
}

function idOf(value: unknown): number | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'number' ? id : null;
}
