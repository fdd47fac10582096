import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Addresses of run pages that nobody can guess: whoever has the link may read the page. */
export interface RunLinks {
  /** The page's address: `<base>/runs/<name>/<signature>`. */
  url(name: string): string;
  verify(name: string, signature: string): boolean;
}

export interface RunLinksOptions {
  /** Where people reach this server, with or without a path: `https://ci.example.com`. */
  readonly baseUrl: string;
  /** The webhook secret. Only a key derived from it signs, so links tell nothing about it; changing it ends all links. */
  readonly secret: string;
  /** Mixed into that key: another one ends all links made before. */
  readonly generation?: string;
}

/** 192 bits: out of reach of guessing, and 32 characters. */
const SIGNATURE_BYTES = 24;

export function createRunLinks({ baseUrl, secret, generation = '' }: RunLinksOptions): RunLinks {
  const base = baseUrl.replace(/\/+$/, '');
  const key = Buffer.from(hkdfSync('sha256', secret, generation, 'tekton-ci run links', 32));
  const sign = (name: string) =>
    createHmac('sha256', key).update(name).digest().subarray(0, SIGNATURE_BYTES).toString('base64url');

  return {
    url: (name) => `${base}/runs/${encodeURIComponent(name)}/${sign(name)}`,
    verify: (name, signature) => equalInConstantTime(signature, sign(name)),
  };
}

function equalInConstantTime(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
