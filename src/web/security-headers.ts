import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Html, markupOf } from './html.ts';
import { PAGE_SCRIPT } from './page/script.ts';
import { STYLE } from './page/style.ts';

/**
 * Pages may use their one stylesheet, their one script and the icon within them; the script asks this server alone, and can make no markup
 * of text. Nothing else runs, nothing is loaded, nothing frames them.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(PAGE_SCRIPT)}`,
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For every answer. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
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

function hashOf(content: Html): string {
  return `'sha256-${createHash('sha256').update(markupOf(content)).digest('base64')}'`;
}
