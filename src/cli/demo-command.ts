import { Command } from 'commander';
import type { Cli, Exit } from './ports.ts';

interface DemoFlags {
  readonly stay?: boolean;
}

export function demoCommand(cli: Cli, exit: Exit): Command {
  return new Command('demo')
    .summary('see the whole job on this machine')
    .description(
      'Starts a GitHub on loopback and the real server, pushes an example commit with a signed ' +
        'webhook, and shows the check from queued to its verdict. Needs Node, npm and git, and a clone ' +
        'of the tekton-ci repository.',
    )
    .argument('[path]', 'a local Git repository whose HEAD is pushed instead of the example')
    .option('--stay', 'keep the run page open until Ctrl-C')
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci demo
  tekton-ci demo ~/src/api --stay
`,
    )
    .action(async (path: string | undefined, flags: DemoFlags) => exit(await runDemo(cli, path, flags)));
}

async function runDemo(cli: Cli, path: string | undefined, { stay = false }: DemoFlags): Promise<number> {
  const interrupted = new AbortController();
  const release = cli.signals.listen((name) => interrupted.abort(name));
  try {
    const demo = await cli.openDemo();
    return await demo({
      ...(path === undefined ? {} : { path }),
      stay,
      write: (line) => cli.output.out.write(`${line}\n`),
      signal: interrupted.signal,
    });
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    release();
  }
}
