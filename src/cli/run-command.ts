import { Argument, Command } from 'commander';
import { eventOptions } from './event-options.ts';
import type { Cli, Exit } from './ports.ts';
import type { RunOptions, RunStage } from './run-options.ts';

export function runCommand(cli: Cli, exit: Exit): Command {
  const command = new Command('run')
    .summary('run the pipeline on this machine')
    .description(
      'Runs on this machine what a push would run in the cluster: the same PipelineRun, its steps as ' +
        'processes. The working tree is taken as it is, with what is uncommitted and what is untracked, ' +
        'without what git ignores; it is copied first, so steps change nothing in it. Images are not ' +
        'used: the toolchains are those of PATH.\n\n' +
        'Ctrl-C ends the steps in an orderly way; a second one ends everything at once.\n\n' +
        'Exit code: 0 succeeded, 1 failed, 2 the command cannot do what was asked, 130 ended by Ctrl-C, ' +
        '143 by TERM.',
    )
    .addArgument(
      new Argument('[stage]', 'the last stage to run (default: all that run here)').choices([
        'test',
        'build',
      ] satisfies RunStage[]),
    );
  for (const option of eventOptions()) command.addOption(option);
  return command
    .option('-p, --project <name>', 'run this project only (default: all, one after the other)')
    .option('-l, --list', 'print what would run, and why, and run nothing')
    .option('--dry-run', 'print the PipelineRun, and run nothing')
    .option('--keep', 'keep the directories that the steps worked in, and print where they are')
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci run
  tekton-ci run test --project web
  tekton-ci run --list
  tekton-ci run --event tag --ref v1.2.0
`,
    )
    .action(async (stage: RunStage | undefined, _options: unknown, self: Command) => {
      const { runHere } = await import('./run-here.ts');
      exit(await runHere(cli, stage, self.optsWithGlobals<RunOptions>()));
    });
}
