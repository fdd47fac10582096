import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Answer {
  readonly status: 200 | 400 | 401 | 405 | 413 | 503;
  /** A few words of our own; nothing of the request. */
  readonly text: string;
}

/** How long a client may go on sending what was refused before the connection is cut. */
const LINGER_MS = 2000;

/** Answers in plain text. When the client is still sending, the rest is thrown away and the connection closed. */
export function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text }: Answer,
): void {
  if (response.headersSent || response.destroyed) return;
  const body = `${text}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(status === 405 && { allow: 'POST' }),
    ...(!request.complete && { connection: 'close' }),
  });
  if (request.complete) {
    response.end(body);
    return;
  }
  // Closing while the client still sends would reset the connection, and the answer with it.
  response.write(body);
  const timer = setTimeout(() => request.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => response.end()).resume();
}
