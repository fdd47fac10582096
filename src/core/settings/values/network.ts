import { z } from 'zod';
import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';
import { isSubdomain } from './kubernetes-names.ts';

export const PROXY = 'an address such as `http://proxy.example.com:3128`';
export const NO_PROXY = 'a host, a domain or a range of addresses';
export const GIT_ADDRESS =
  'an address such as `https://gitlab.example.com` or `https://gitlab.example.com/acme`';
export const IP = 'an IP address';

const ip = z.union([z.ipv4(), z.ipv6()]);

/** A proxy's address, without credentials: it is no secret, and pods show it. */
export function readProxy(text: string): Reading<string> {
  if (text.includes('@')) {
    const message = 'A proxy with credentials would show them in every pod';
    return refuse('bad-url', message, { instead: 'use a proxy that asks for none' });
  }
  const url = webAddress(text);
  if (url === undefined || url.pathname !== '/') {
    return refuse('bad-url', `${quoted(text)} is not the address of a proxy`, { expected: PROXY });
  }
  return accept(url.href.replace(/\/$/, ''));
}

/** One item of what a proxy is not for: `localhost`, `.example.com`, `*.example.com`, `10.0.0.0/8`, `[::1]:8080`. */
export function readNoProxy(text: string): Reading<string> {
  return /^[A-Za-z0-9*.:/[\]_-]{1,253}$/.test(text)
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} is no host, domain or range of addresses`, { expected: NO_PROXY });
}

/** The beginning of Git addresses that a credential is for. */
export function readGitAddress(text: string): Reading<string> {
  const url = webAddress(text);
  if (url === undefined) {
    return refuse('bad-url', `${quoted(text)} is not the address of a Git server`, { expected: GIT_ADDRESS });
  }
  return accept(url.href.replace(/\/+$/, ''));
}

export function readIp(text: string): Reading<string> {
  return ip.safeParse(text).success
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} is not an IP address`, { expected: '`10.0.0.1` or `fd00::1`' });
}

export function readHostName(text: string): Reading<string> {
  return isSubdomain(text)
    ? accept(text)
    : refuse('bad-name', `${quoted(text)} is not a host name`, {
        expected: 'a name such as `git.example.com`',
      });
}

/** An http or https address without credentials, query, fragment and anything that Kubernetes or a shell would expand. */
function webAddress(text: string): URL | undefined {
  const isPlain = /^https?:\/\/[A-Za-z0-9._~:/[\]%+-]+$/.test(text) && text.length <= 1024;
  return isPlain && URL.canParse(text) ? new URL(text) : undefined;
}
