import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { markupOf } from './html.ts';
import { STYLE } from './page/style.ts';

const STYLE_HASH = createHash('sha256').update(markupOf(STYLE)).digest('base64');

/** For every answer. Pages may use their one stylesheet and the icon within them; nothing runs, nothing is loaded, nothing frames them. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex',
  // The address is the key to the page: it must not travel to where its links lead.
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** Handlers may still set a header of their own over one of these. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
}
