import { UserError } from '../core/user-error.ts';

/** The system's name of what went wrong (`ENOENT`), if it was the system. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns what the operator can mend into words that say how; every other error stays what it is. */
export function explainDiskError(error: unknown, directory: string): unknown {
  const code = errorCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError(
        'log-store-full',
        `No space is left for logs in ${directory} (${code}): free some, or give it a larger disk`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
      return new UserError(
        'log-store-not-usable',
        `Logs cannot be kept in ${directory} (${code}): make it a directory that the user running tekton-ci may write`,
        { cause: error },
      );
    default:
      return error;
  }
}
