import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Answer } from './answer.ts';
import { ENTERPRISE_VERSION } from './world.ts';

export interface JsonBody {
  /** Undefined when there is no body, or none that can be read. */
  readonly value: unknown;
  /** There is a body, and it is not an object or a list. */
  readonly malformed: boolean;
}

export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  const bytes = await buffer(request);
  if (bytes.length === 0) return { value: undefined, malformed: false };
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return { value, malformed: typeof value !== 'object' || value === null };
  } catch {
    return { value: undefined, malformed: true };
  }
}

/** @param drop cuts the connection in the middle of the body */
export function sendJson(response: ServerResponse, answer: Answer, drop = false): void {
  const { status, headers, body } = answer;
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'x-github-enterprise-version': ENTERPRISE_VERSION,
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': 'STAND:IN',
    ...headers,
  });
  if (drop) response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
  else response.end(bytes);
}
