import { getTransformStream } from '@probot/pino';
import { type Logger, pino } from 'pino';
import { mask } from './core/report/mask.ts';

export interface LogOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
  /** What must not be read in it. */
  readonly secrets: () => Iterable<string>;
}

/**
 * The server's log on standard output: Probot's pino. Errors are reduced to what explains them: requests that hang on
 * them carry tokens.
 */
export async function createLog(options: LogOptions): Promise<Logger> {
  const { secrets } = options;
  const serializers = { err: (error: unknown) => describeError(error, (text) => mask(text, secrets())) };
  const settings = { level: options.level, base: null, serializers };
  if (options.format === 'json') return pino(settings);
  const stream = await getTransformStream({ logFormat: 'pretty' });
  stream.pipe(process.stdout);
  return pino(settings, stream);
}

function describeError(error: unknown, masked: (text: string) => string): object {
  if (!(error instanceof Error)) return { message: masked(String(error)) };
  return {
    type: error.name,
    message: masked(error.message),
    stack: masked(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause, masked) }),
  };
}
