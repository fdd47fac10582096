import { Command } from 'commander';
import type { Cli, Exit } from './ports.ts';

/** The promise is ten seconds from the signal to the end; this leaves time for the end itself. */
const CLOSE_MILLISECONDS = 9500;

export function serverCommand(cli: Cli, exit: Exit): Command {
  return new Command('server')
    .summary('start the GitHub App')
    .description(
      'Starts the GitHub App: takes webhooks, executes runs, reports checks. All settings come from ' +
        'the environment; .env.example lists them. SIGTERM and SIGINT end it in an orderly way, within ' +
        'ten seconds.',
    )
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci server
  PORT=8080 LOG_LEVEL=debug tekton-ci server
`,
    )
    .action(async () => exit(await serve(cli)));
}

async function serve(cli: Cli): Promise<number> {
  const asked = Promise.withResolvers<void>();
  const release = cli.signals.listen(() => asked.resolve());
  try {
    const server = await cli.startServer();
    await asked.promise;
    return await closeInTime(server.close(), cli);
  } finally {
    release();
  }
}

async function closeInTime(closing: Promise<void>, cli: Cli): Promise<number> {
  const late = Promise.withResolvers<number>();
  const timer = setTimeout(() => late.resolve(1), CLOSE_MILLISECONDS);
  try {
    const exitCode = await Promise.race([closing.then(() => 0), late.promise]);
    if (exitCode !== 0)
      cli.output.err.write(
        'error: what was under way did not end in time; it is taken up at the next start\n',
      );
    return exitCode;
  } finally {
    clearTimeout(timer);
  }
}
