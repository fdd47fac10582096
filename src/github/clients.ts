import { createPrivateKey } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Clock, Log } from '../app/ports.ts';
import { UserError } from '../core/user-error.ts';
import { createBoundFetch } from './bound-fetch.ts';
import { guardRequests, type MeasuredRequest } from './guard-requests.ts';
import { createLimits } from './limits.ts';
import { mintToken } from './mint-token.ts';
import { createTokenCache } from './token-cache.ts';

export interface GitHubClientsOptions {
  readonly appId: number;
  /** PEM; line breaks may be written `\n`. */
  readonly privateKey: string;
  /** `https://api.github.com` or `https://HOST/api/v3`. */
  readonly baseUrl: string;
  readonly log: Log;
  readonly clock?: Pick<Clock, 'now'>;
  /** For one request; 10 s when absent. */
  readonly timeoutMs?: number;
  /** Called after every request, however it ended. */
  readonly onRequest?: (request: MeasuredRequest) => void;
}

/**
 * The only way to GitHub. Every client keeps to `baseUrl`'s host, to its own limits and to a time-out, repeats nothing,
 * and fails with `TryLaterError` or `GitHubRequestError`.
 */
export interface GitHubClients {
  readonly appId: number;
  readonly baseUrl: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Signs as the app itself: installations, tokens, deliveries. */
  app(): Octokit;
  /** Acts as one installation; one client, one token and one set of limits each. Makes no request by itself. */
  installation(id: number): Octokit;
}

/** An installation's token is used until five minutes before its end: longer than any request can take. */
const MIN_TOKEN_LEFT_MS = 5 * 60_000;

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** @throws UserError `private-key-unreadable` */
export function createGitHubClients(options: GitHubClientsOptions): GitHubClients {
  const { appId, baseUrl, log, timeoutMs = 10_000, clock = { now: () => new Date() } } = options;
  const privateKey = readPrivateKey(options.privateKey);
  const fetch = createBoundFetch({ baseUrl, timeoutMs });
  const appAuth = createAppAuth({ appId, privateKey, log: SILENT });
  const tokens = createTokenCache(clock, MIN_TOKEN_LEFT_MS);
  const installations = new Map<number, Octokit>();

  const app = createClient(log, {
    authorization: async () => `bearer ${(await appAuth({ type: 'app' })).token}`,
    onUnauthorized() {},
  });

  function installation(id: number): Octokit {
    const known = installations.get(id);
    if (known !== undefined) return known;
    const key = String(id);
    const client = createClient(log.child({ installation: id }), {
      authorization: async () => `token ${(await tokens.get(key, () => mintToken(app, id))).token}`,
      onUnauthorized: () => tokens.forget(key),
    });
    installations.set(id, client);
    return client;
  }

  function createClient(
    clientLog: Log,
    auth: { authorization(): Promise<string>; onUnauthorized(): void },
  ): Octokit {
    // Octokit's own log prints requests with their headers; ours is in `guardRequests`.
    const octokit = new Octokit({
      baseUrl,
      userAgent: 'tekton-ci',
      log: SILENT,
      request: { fetch, log: SILENT },
    });
    const { onRequest } = options;
    guardRequests(octokit, { ...auth, limits: createLimits(), log: clientLog, clock, onRequest });
    return octokit;
  }

  return { appId, baseUrl, clock, app: () => app, installation };
}

function readPrivateKey(text: string): string {
  const pem = text.replaceAll('\\n', '\n');
  try {
    createPrivateKey(pem);
    return pem;
  } catch {
    throw new UserError(
      'private-key-unreadable',
      "The GitHub App's private key cannot be read: give the whole .pem file that GitHub made, from its BEGIN line to its END line.",
    );
  }
}
