import type { Octokit } from '@octokit/rest';
import type { GitHubClients } from './clients.ts';

interface StrategyOptions {
  /** The client that this strategy is made for, and what it was made from. */
  readonly octokit: object;
  readonly octokitOptions: Readonly<Record<string, unknown>>;
}

interface AuthRequest {
  readonly type: string;
  readonly installationId?: number;
  readonly event?: { readonly payload: { readonly installation?: { readonly id?: unknown } } };
}

interface Endpoint {
  readonly [parameter: string]: unknown;
}

interface Request {
  readonly endpoint: { merge(route: unknown, parameters: unknown): Endpoint };
}

/**
 * An Octokit authentication strategy that sends what Probot's clients ask through ours: `probot.auth()` is the app,
 * `context.octokit` the event's installation. Making such a client makes no request and no token.
 * https://github.com/octokit/authentication-strategies.js
 */
export function createProbotAuth(clients: GitHubClients) {
  return (options: StrategyOptions) => strategyFor(() => clients.app(), options);

  function strategyFor(client: () => Octokit, { octokit, octokitOptions }: StrategyOptions) {
    async function auth(request: AuthRequest): Promise<object> {
      const installation = request.installationId ?? request.event?.payload.installation?.id;
      const next = typeof installation === 'number' ? () => clients.installation(installation) : nobody;
      // Probot's own class, so that contexts have all of its plug-ins.
      const Client = octokit.constructor as new (options: object) => object;
      return new Client({
        ...octokitOptions,
        authStrategy: (inner: StrategyOptions) => strategyFor(next, inner),
      });
    }

    async function hook(request: Request, route: unknown, parameters: unknown): Promise<unknown> {
      // `request` holds this very hook.
      const { request: _, ...endpoint } = request.endpoint.merge(route, parameters);
      return client().request(endpoint as Parameters<Octokit['request']>[0] & object);
    }

    return Object.assign(auth, { hook });
  }
}

function nobody(): never {
  throw new Error('the event is of no installation, so there is nobody to act as');
}
