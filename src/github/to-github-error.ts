import { z } from 'zod';
import { TryLaterError } from '../app/ports.ts';
import { mask } from '../core/report/mask.ts';
import { GitHubRequestError } from './github-request-error.ts';
import { type Headers, isRateLimit, secondsToWait } from './rate-limit.ts';

/** What a failure is told of the request that failed. */
export interface FailedRequest {
  readonly method: string;
  readonly route: string;
  readonly now: Date;
}

const answered = z.object({
  status: z.number(),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }),
});

const graphqlAnswered = z.object({
  name: z.literal('GraphqlResponseError'),
  headers: z.record(z.string(), z.unknown()),
  errors: z.array(z.looseObject({ type: z.string().optional(), message: z.string().catch('unknown error') })),
});

const silence = z.object({
  name: z.string(),
  code: z.string().optional().catch(undefined),
  cause: z.unknown().optional(),
});

const refusal = z.object({
  message: z.string(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({
          field: z.string().optional(),
          code: z.string().optional(),
          message: z.string().optional(),
        }),
      ]),
    )
    .optional()
    .catch(undefined),
});

/** Turns what Octokit throws into a `TryLaterError` or a `GitHubRequestError`; both are free of headers, bodies and tokens. */
export function toGitHubError(error: unknown, request: FailedRequest): Error {
  if (error instanceof GitHubRequestError || error instanceof TryLaterError) return error;
  const http = answered.safeParse(error);
  if (http.success) return httpError(http.data, request);
  const graphql = graphqlAnswered.safeParse(error);
  if (graphql.success) return graphqlError(graphql.data, request);
  return new GitHubRequestError(request, null, reasonOfSilence(error));
}

function httpError({ status, response }: z.infer<typeof answered>, request: FailedRequest): Error {
  const words = wordsOf(response.data);
  if (isRateLimit(status, response.headers, words)) return tryLater(request, response.headers, words);
  return new GitHubRequestError(request, status, words);
}

function graphqlError({ headers, errors }: z.infer<typeof graphqlAnswered>, request: FailedRequest): Error {
  const words = cut(errors.map((error) => error.message).join('; '));
  const types = new Set(errors.map((error) => error.type));
  if (types.has('RATE_LIMITED') || /secondary rate limit/i.test(words))
    return tryLater(request, headers, words);
  if (types.has('NOT_FOUND')) return new GitHubRequestError(request, 404, words);
  if (types.has('FORBIDDEN')) return new GitHubRequestError(request, 403, words);
  return new GitHubRequestError(request, 200, words);
}

function tryLater(request: FailedRequest, headers: Headers, words: string): TryLaterError {
  const seconds = secondsToWait(headers, request.now);
  const asked = `${request.method} ${request.route}`;
  return new TryLaterError(`GitHub asks to wait ${seconds} s before ${asked}: ${words}`, seconds);
}

/** GitHub's own words; never a page of HTML from something in between, and never the values that were sent. */
function wordsOf(data: unknown): string {
  const parsed = refusal.safeParse(data);
  if (!parsed.success) return 'no explanation';
  const details = (parsed.data.errors ?? []).map((error) =>
    typeof error === 'string' ? error : [error.field, error.code, error.message].filter(Boolean).join(' '),
  );
  return cut([parsed.data.message, ...details].join('; '));
}

function cut(text: string): string {
  // What stands between us and GitHub may quote the request.
  const words = mask(text);
  return words.length > 500 ? `${words.slice(0, 500)}…` : words;
}

/** The innermost cause by its code (`ECONNREFUSED`) or name (`TimeoutError`): messages may quote the request. */
function reasonOfSilence(error: unknown, outer = 'unknown error'): string {
  const parsed = silence.safeParse(error);
  if (!parsed.success) return outer;
  const { name, code, cause } = parsed.data;
  return reasonOfSilence(cause, code ?? name);
}
