import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { TOKEN_ROUTE } from './github-request-error.ts';
import { readAnswer } from './read-answer.ts';
import type { Token } from './token-cache.ts';

/** What a token is narrowed to; without it, it may do all that the installation may. */
export interface TokenScope {
  readonly repository_ids: number[];
  readonly permissions: { readonly contents: 'read' };
}

const minted = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });

/**
 * One request. Rejects with an error that `isUnknownInstallation` knows when the app is not installed there.
 * https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export async function mintToken(app: Octokit, installationId: number, scope?: TokenScope): Promise<Token> {
  const { data } = await app.request(`POST ${TOKEN_ROUTE}`, { installation_id: installationId, ...scope });
  const { token, expires_at } = readAnswer(minted, data, `POST ${TOKEN_ROUTE}`);
  return { token, expiresAt: new Date(expires_at) };
}
