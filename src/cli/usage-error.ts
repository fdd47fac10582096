import { UserError } from '../core/user-error.ts';

/** The command could not do what was asked as it was asked: exit code 2, where 1 means "done, and the answer is no". */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** A `UserError` as a usage error; anything else stays what it is. */
export function asUsageError(error: unknown): unknown {
  if (!(error instanceof UserError) || error instanceof UsageError) return error;
  return new UsageError(error.code, error.message, { cause: error });
}
