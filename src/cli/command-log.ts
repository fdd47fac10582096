import type { Log } from '../app/ports.ts';
import type { Channel } from './output.ts';

/** The log of parts that a command uses: warnings as plain lines, everything else only when `verbose`. */
export function createCommandLog(err: Channel, verbose: boolean): Log {
  const quiet = () => {};
  const line = (level: string) => (_fields: object, message: string) => err.write(`${level}: ${message}\n`);
  const log: Log = {
    debug: verbose ? line('debug') : quiet,
    info: verbose ? line('info') : quiet,
    warn: line('warning'),
    error: line('error'),
    child: () => log,
  };
  return log;
}
