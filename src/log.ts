import { getTransformStream } from '@probot/pino';
import { type Logger, pino } from 'pino';
import { mask } from './core/report/mask.ts';

/**
 * The server's log on standard output: Probot's pino. Errors are reduced to what explains them: requests that hang on
 * them carry tokens.
 */
export async function createLog(options: { level: string; format: 'json' | 'pretty' }): Promise<Logger> {
  const serializers = { err: describeError };
  const settings = { level: options.level, base: null, serializers };
  if (options.format === 'json') return pino(settings);
  const stream = await getTransformStream({ logFormat: 'pretty' });
  stream.pipe(process.stdout);
  return pino(settings, stream);
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: mask(String(error)) };
  return {
    type: error.name,
    message: mask(error.message),
    stack: mask(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
