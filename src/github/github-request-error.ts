/**
 * A request that GitHub refused, or did not answer. It says what was asked by the route's template only and keeps
 * neither the request nor the answer: Octokit's own errors carry headers, bodies and with them tokens.
 */
export class GitHubRequestError extends Error {
  override readonly name = 'GitHubRequestError';
  readonly method: string;
  /** With its placeholders: `/repos/{owner}/{repo}/check-runs`. */
  readonly route: string;
  /** Of the HTTP answer (of a GraphQL error: what REST would have said); null when there was no answer. */
  readonly status: number | null;

  constructor(request: { method: string; route: string }, status: number | null, detail: string) {
    const asked = `${request.method} ${request.route}`;
    super(
      status === null
        ? `GitHub did not answer ${asked}: ${detail}`
        : `GitHub answered ${status} to ${asked}: ${detail}`,
    );
    this.method = request.method;
    this.route = request.route;
    this.status = status;
  }
}

/** Where installation tokens come from. */
export const TOKEN_ROUTE = '/app/installations/{installation_id}/access_tokens';

/** Whether a call failed because this app is not, or no longer, or not for now (suspended) installed there. */
export function isUnknownInstallation(error: unknown): boolean {
  if (!(error instanceof GitHubRequestError) || error.route !== TOKEN_ROUTE) return false;
  return error.status === 404 || (error.status === 403 && /suspended/i.test(error.message));
}
