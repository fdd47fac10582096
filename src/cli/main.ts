import { CommanderError } from 'commander';
import { UserError } from '../core/user-error.ts';
import type { Channel } from './output.ts';
import type { Cli } from './ports.ts';
import { createProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

const EXIT_NO = 1;
const EXIT_USAGE = 2;
/** `EX_SOFTWARE` of sysexits.h: an error inside the program. */
const EXIT_BUG = 70;

/** Runs one command line (without `node` and the script) and says how the process should exit. Never rejects. */
export async function main(argv: readonly string[], cli: Cli): Promise<number> {
  let exitCode = 0;
  const program = createProgram(cli, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, cli.output.err, program.opts<{ debug?: true }>().debug === true);
  }
}

function explain(error: unknown, err: Channel, debug: boolean): number {
  // Commander has already printed the help, the version or what is wrong with the command line.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof UserError) {
    err.write(`${err.paint('red', 'error:')} ${error.message}\n`);
    if (debug) err.write(`${stackOf(error)}\n`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_NO;
  }
  // The message alone: other properties of an error may hold requests, with their credentials.
  const message = error instanceof Error ? error.message : String(error);
  err.write(`${err.paint('red', 'error:')} ${message.split('\n')[0] ?? ''}\n`);
  err.write(
    debug
      ? `${stackOf(error)}\n`
      : 'This is a bug in tekton-ci: please report it with what `--debug` prints in addition.\n',
  );
  return EXIT_BUG;
}

function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause =
    error instanceof Error && error.cause !== undefined ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${stack}${cause}`;
}
