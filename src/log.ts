import { getTransformStream } from '@probot/pino';
import { type Logger, type LoggerOptions, pino } from 'pino';
import type { SecretRegister } from './app/runs/secret-register.ts';
import { mask } from './core/report/mask.ts';

export interface LogOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
  /** What must not be read in it. */
  readonly secrets: Pick<SecretRegister, 'of' | 'all'>;
}

type Fields = Record<string, unknown>;

/** The server's log on standard output: Probot's pino. */
export async function createLog({ format, ...options }: LogOptions): Promise<Logger> {
  const settings = logSettings(options);
  if (format === 'json') return pino(settings);
  const stream = await getTransformStream({ logFormat: 'pretty' });
  stream.pipe(process.stdout);
  return pino(settings, stream);
}

/** Errors are reduced to what explains them: requests and events that hang on them carry tokens. */
export function logSettings({ level, secrets }: Omit<LogOptions, 'format'>): LoggerOptions {
  return {
    level,
    base: null,
    formatters: { log: (fields) => describeErrors(fields, secrets) },
    hooks: { logMethod: withoutItsMessage },
  };
}

/**
 * A line of a run is masked for that run alone: an outage brings one for each, and what all of them were given grows
 * with their number.
 */
function describeErrors(fields: Fields, secrets: LogOptions['secrets']): Fields {
  const entries = Object.entries(fields);
  if (!entries.some(isError)) return fields;
  const hidden = typeof fields.run === 'string' ? secrets.of(fields.run) : secrets.all();
  const masked = (text: string) => mask(text, hidden);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isError([key, value]) ? describeError(value, masked) : value]),
  );
}

/** Anything can be thrown. */
function isError([key, value]: readonly [string, unknown]): boolean {
  return value instanceof Error || (key === 'err' && value !== undefined);
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

/** Probot logs errors alone: pino would take their message for its own, which nobody masks. */
function withoutItsMessage(this: Logger, args: Parameters<pino.LogFn>, method: pino.LogFn): void {
  const [first, ...rest]: readonly unknown[] = args;
  const line = first instanceof Error ? [{ err: first }, ...(rest.length > 0 ? rest : ['failed'])] : args;
  method.apply(this, line as Parameters<pino.LogFn>);
}
