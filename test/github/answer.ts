import type { Json } from './world.ts';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says no, in GitHub's words; thrown from any depth. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(status: number, message: string, more: { body?: Json; headers?: Record<string, string> } = {}) {
    super(message);
    const body = { message, documentation_url: 'https://docs.github.com/rest', ...more.body };
    this.answer = { status, body: { ...body, status: String(status) }, headers: more.headers ?? {} };
  }
}

export function badCredentials(): Refusal {
  return new Refusal(401, 'Bad credentials');
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** @param accepted what would have been enough, as `X-Accepted-GitHub-Permissions` says it */
export function notAccessible(accepted: string): Refusal {
  return new Refusal(403, 'Resource not accessible by integration', {
    headers: { 'x-accepted-github-permissions': accepted },
  });
}

/** A body or a parameter that the description of the operation does not allow. */
export function invalidRequest(...problems: string[]): Refusal {
  return new Refusal(422, `Invalid request.\n\n${problems.join('\n')}`);
}

export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly message?: string;
}

export function validationFailed(...errors: FieldError[]): Refusal {
  return new Refusal(422, 'Validation Failed', { body: { errors } });
}
