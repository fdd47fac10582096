import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Html, markupOf } from './html.ts';

export const TEXT = 'text/plain; charset=utf-8';
export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json; charset=utf-8';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Node leaves the body out by itself when the request was HEAD. */
export function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': length }).end(body);
}

export function isHead(response: ServerResponse): boolean {
  return response.req.method === 'HEAD';
}

export function sendPage(response: ServerResponse, status: number, page: Html): void {
  send(response, { status, type: HTML, body: markupOf(page) });
}

/**
 * Answers 200 with a body of any length, at the reader's pace. Rejects when the body fails: before anything is sent if that is at its
 * first piece, else with the connection cut. A reader who goes away ends the body early, and is no error.
 */
export async function sendStream(
  response: ServerResponse,
  body: AsyncIterable<string | Uint8Array>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    const first = await pieces.next();
    response.writeHead(200, headers);
    let failed = false;
    const rest = async function* () {
      try {
        for (let piece = first; !piece.done; piece = await pieces.next()) yield piece.value;
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    await pipeline(rest, response).catch((error: unknown) => {
      if (failed) throw error;
    });
  } finally {
    // Closes the file that is being read, also when the reader left before the pipeline began.
    await pieces.return?.();
  }
}

/** Joins small pieces of a page, so that a line of a log is not a write to the socket. */
export async function* joined(pieces: AsyncIterable<Html>): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) {
    text += markupOf(piece);
    if (text.length < PIECE_LENGTH) continue;
    yield text;
    text = '';
  }
  yield text;
}

const PIECE_LENGTH = 32_768;
