import type { Logger } from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import type { GitHubClients } from './clients.ts';
import { isUnknownInstallation } from './github-request-error.ts';
import { createProbotAuth } from './probot-auth.ts';
import type { Delivery } from './webhook-handler.ts';

export interface ProbotAppOptions {
  readonly clients: GitHubClients;
  /** Of the webhook. */
  readonly secret: string;
  readonly log: Logger;
}

export interface ProbotApp {
  /** For `probot.load(app)`: an ordinary Probot app function registers its handlers. */
  readonly probot: Probot;
  /**
   * Resolves once every handler of the delivery has; rejects when one of them rejected. Without a handler nothing happens,
   * and what fails because the app is not installed there is ignored.
   */
  receive(delivery: Delivery): Promise<void>;
}

/**
 * Probot for its app function, its routing of events and its contexts. Signatures, answers and every request are ours:
 * Probot's own clients retry, throttle all installations together, and would take tokens from the public GitHub.
 */
export async function createProbotApp({ clients, secret, log }: ProbotAppOptions): Promise<ProbotApp> {
  const authStrategy = createProbotAuth(clients);
  const probot = new Probot({
    appId: clients.appId,
    // Probot insists on one, and needs none: `authStrategy` asks the clients, which sign.
    privateKey: 'held by the clients',
    secret,
    baseUrl: clients.baseUrl,
    log,
    Octokit: ProbotOctokit.defaults((options: object) => ({
      authStrategy,
      ...options,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  });
  await probot.ready();

  return {
    probot,
    async receive({ id, name, payload }) {
      try {
        // `probot.receive` would log the whole payload. Any name may come: those without handlers do nothing.
        await probot.webhooks.receive({ id, name, payload } as unknown as WebhookEvent);
      } catch (error) {
        if (!causes(error).every(isUnknownInstallation)) throw error;
        log.info({ delivery: id, event: name }, 'ignored: the app is not installed there');
      }
    },
  };
}

type WebhookEvent = Parameters<Probot['webhooks']['receive']>[0];

function causes(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [error];
}
