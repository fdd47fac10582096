import type { IncomingMessage, ServerResponse } from 'node:http';
import { verify } from '@octokit/webhooks-methods';
import type { Log } from '../app/ports.ts';
import { UserError } from '../core/user-error.ts';
import { type Answer, answerRequest } from './answer-request.ts';
import { readBody } from './read-body.ts';

/** One webhook delivery whose signature was right. */
export interface Delivery {
  /** `X-GitHub-Delivery`: the same on every redelivery. */
  readonly id: string;
  /** `X-GitHub-Event` */
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface WebhookHandlerOptions {
  readonly secret: string;
  /** Resolves once the delivery's effect is durable; the signal ends when nobody waits for it any more. */
  receive(delivery: Delivery, signal: AbortSignal): Promise<void>;
  readonly log: Log;
  /** For `receive`; 8 s when absent: GitHub gives up after 10. */
  readonly deadlineMs?: number;
  /** Of a body; 25 MiB when absent: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
  readonly maxBytes?: number;
  /** Called once a request was answered; of what GitHub did not send, the event is unknown. */
  readonly onAnswer?: (event: string, status: number) => void;
}

const SIGNATURE = /^sha256=[0-9a-f]{64}$/;
/** Octokit keeps its listeners for errors under the name of an event, `error`; GitHub has none of that name. */
const EVENT_NAME = /^(?!error$)[a-z]+(_[a-z0-9]+)*$/;
const DELIVERY_ID = /^[\w.:-]{1,128}$/;

/**
 * What GitHub posts its deliveries to, as a handler of Node's server. It answers 2xx only when `receive` has resolved,
 * 503 when it rejected or took too long, and 4xx, with nothing done, for whatever GitHub did not send. It never rejects.
 * @throws UserError `webhook-secret-missing`: without a secret anybody could make runs.
 */
export function createWebhookHandler(
  options: WebhookHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { secret, log, maxBytes = 25 * 1024 * 1024 } = options;
  if (secret.trim() === '') {
    throw new UserError(
      'webhook-secret-missing',
      'The webhook secret is empty: set WEBHOOK_SECRET to the secret of the GitHub App.',
    );
  }

  return async function handle(request, response) {
    const body = await readBody(request, maxBytes, wanted(request));
    if (body.kind === 'gone') return;
    const answer = body.kind === 'too-large' ? TOO_LARGE : await answerTo(request, body.text, options);
    if (answer.status >= 400) log.warn({ status: answer.status }, `webhook refused: ${answer.text}`);
    answerRequest(request, response, answer);
    // Below 400 or above it is a delivery whose signature was right, so its event is one of GitHub's.
    const known = answer.status === 200 || answer.status === 503;
    options.onAnswer?.(known ? String(request.headers['x-github-event']) : 'unknown', answer.status);
  };
}

const TOO_LARGE: Answer = { status: 413, text: 'the body is too large' };

/** A body that will be refused whatever it says is counted, not kept. */
function wanted({ method, headers }: IncomingMessage): boolean {
  return method === 'POST' && SIGNATURE.test(String(headers['x-hub-signature-256']));
}

async function answerTo(
  { method, headers }: IncomingMessage,
  body: string,
  options: WebhookHandlerOptions,
): Promise<Answer> {
  if (method !== 'POST') return { status: 405, text: 'deliveries are posted' };
  const signature = String(headers['x-hub-signature-256']);
  if (!(await isSigned(options.secret, body, signature)))
    return { status: 401, text: 'the signature is missing or wrong' };
  const payload = parseObject(body);
  if (payload === null) return { status: 400, text: 'the body is not a JSON object' };
  const name = String(headers['x-github-event'] ?? '');
  if (!EVENT_NAME.test(name)) return { status: 400, text: 'X-GitHub-Event is missing or not a name' };
  const id = String(headers['x-github-delivery'] ?? '');
  if (!DELIVERY_ID.test(id)) return { status: 400, text: 'X-GitHub-Delivery is missing or not an id' };
  return deliver({ id, name, payload }, options);
}

async function isSigned(secret: string, body: string, signature: string): Promise<boolean> {
  return SIGNATURE.test(signature) && body !== '' && verify(secret, body, signature);
}

function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    // An object of JSON has string keys and unknown values.
    return value as Record<string, unknown>;
  } catch {
    return null;
  }
}

async function deliver(
  delivery: Delivery,
  { receive, log, deadlineMs = 8000 }: WebhookHandlerOptions,
): Promise<Answer> {
  const about = { delivery: delivery.id, event: delivery.name };
  const controller = new AbortController();
  const received = (async () => receive(delivery, controller.signal))();
  const timer = Promise.withResolvers<'late'>();
  const timeout = setTimeout(() => timer.resolve('late'), deadlineMs);
  try {
    if ((await Promise.race([received, timer.promise])) !== 'late') return { status: 200, text: 'done' };
    received.catch((error: unknown) =>
      log.warn({ ...about, reason: wordsOf(error) }, 'a late delivery failed'),
    );
    log.warn({ ...about, deadlineMs }, 'a delivery took too long');
    return { status: 503, text: 'not done in time' };
  } catch (error) {
    log.error({ ...about, reason: wordsOf(error) }, 'a delivery failed');
    return { status: 503, text: 'not done' };
  } finally {
    clearTimeout(timeout);
    controller.abort();
  }
}

/** Errors of handlers may carry the whole event: only their words are logged. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'not an error';
}
