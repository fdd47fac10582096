import { TryLaterError } from '../app/ports.ts';
import { numberField, textField } from './status/fields.ts';

/** An answer of the API server that says no. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly status: number;
  /** `AlreadyExists`, `Forbidden`, …; empty when the answer came from something in between. */
  readonly reason: string;
  /** The server's own words. */
  readonly detail: string;

  constructor(request: string, answer: { status: number; reason: string; detail: string }) {
    super(`${request}: ${answer.status} ${answer.reason}: ${answer.detail}`);
    this.status = answer.status;
    this.reason = answer.reason;
    this.detail = answer.detail;
  }
}

/** Longer texts come from proxies, as whole pages. */
const DETAIL_LENGTH = 1000;

/**
 * What an answer that is not 2xx is thrown as: a `KubeError`, or a `TryLaterError` with that as its cause when the server says when.
 * `request` is for people: method and path.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export function errorOfAnswer(request: string, status: number, text: string, retryAfter?: string): Error {
  const body = parse(text);
  const detail = (textField(body, 'message') ?? text).slice(0, DETAIL_LENGTH);
  const error = new KubeError(request, { status, reason: textField(body, 'reason') ?? '', detail });
  const seconds = Number(retryAfter ?? numberField(body, 'details', 'retryAfterSeconds') ?? Number.NaN);
  const isBusy = status === 429 || status >= 500;
  return isBusy && seconds >= 0 ? new TryLaterError(error.message, seconds, { cause: error }) : error;
}

/** HTTP status of an answer that was thrown; null for everything else, such as a server that did not answer. */
export function statusOf(error: unknown): number | null {
  const known = error instanceof TryLaterError ? error.cause : error;
  return known instanceof KubeError ? known.status : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
