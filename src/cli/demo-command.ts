import { Command, Option } from 'commander';
import type { Cli, DemoOptions, Exit } from './ports.ts';
import { UsageError } from './usage-error.ts';

interface DemoFlags {
  readonly pullRequest?: boolean;
  readonly fork?: boolean;
  readonly stay?: boolean;
}

export function demoCommand(cli: Cli, exit: Exit): Command {
  return new Command('demo')
    .summary('see the whole job on this machine')
    .description(
      'Starts a GitHub on loopback and the real server, pushes an example commit with a signed ' +
        'webhook, and shows the check from queued to its verdict. Needs Node, npm and git, and a clone ' +
        'of the tekton-ci repository.\n\n' +
        'Exit code: 0 the last check succeeded, 1 it did not, 2 the command cannot do what was asked, 130 ended by Ctrl-C.',
    )
    .argument('[path]', 'a local Git repository whose HEAD is pushed instead of the example')
    .option(
      '--pull-request',
      "show a branch and its pull request, which share one run, and a comment that asks for that run's reasons",
    )
    .addOption(
      new Option(
        '--fork',
        "show a stranger's pull request, which waits for a maintainer and then runs without secrets",
      ).conflicts('pullRequest'),
    )
    .option('--stay', 'keep the run page open until Ctrl-C')
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci demo
  tekton-ci demo ~/src/api --stay
  tekton-ci demo --fork
`,
    )
    .action(async (path: string | undefined, flags: DemoFlags) => {
      const story = storyOf(flags);
      if (path !== undefined && story !== 'push') {
        throw new UsageError('demo-path', `--${story} shows the example: leave out ${path}`);
      }
      const { stay = false } = flags;
      exit(await runDemo(cli, { story, stay, ...(path !== undefined && { path }) }));
    });
}

function storyOf({ pullRequest, fork }: DemoFlags): DemoOptions['story'] {
  if (pullRequest === true) return 'pull-request';
  return fork === true ? 'fork' : 'push';
}

async function runDemo(cli: Cli, options: Omit<DemoOptions, 'write' | 'signal'>): Promise<number> {
  const interrupted = new AbortController();
  const release = cli.signals.listen((name) => interrupted.abort(name));
  try {
    const demo = await cli.openDemo();
    return await demo({
      ...options,
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
