import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'whole'; readonly text: string }
  /** The rest is still being sent. */
  | { readonly kind: 'too-large' }
  /** The client has left. */
  | { readonly kind: 'gone' };

/**
 * Reads a request's body as UTF-8, at most `maxBytes` of it; `keep: false` only counts. Bytes that are not UTF-8 are
 * replaced, so a signature over them never fits.
 */
export function readBody(request: IncomingMessage, maxBytes: number, keep: boolean): Promise<Body> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length']) > maxBytes) {
      resolve({ kind: 'too-large' });
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        if (keep) chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ kind: 'too-large' });
    });
    request.on('end', () => resolve({ kind: 'whole', text: Buffer.concat(chunks).toString('utf8') }));
    request.on('error', () => resolve({ kind: 'gone' }));
    request.on('close', () => resolve({ kind: 'gone' }));
  });
}
