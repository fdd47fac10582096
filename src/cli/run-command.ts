import { Argument, Command, Option } from 'commander';
import type { Layout } from '../core/settings/settings.ts';
import { eventOptions } from './event-options.ts';
import type { Cli, Exit, RuntimeName } from './ports.ts';
import type { RunOptions, RunStage } from './run-options.ts';

export function runCommand(cli: Cli, exit: Exit): Command {
  const command = new Command('run')
    .summary('run the pipeline on this machine')
    .description(
      'Runs on this machine what a push would run in the cluster: the same PipelineRun. With podman or docker its ' +
        'steps run in containers of their images; without them they are processes of this machine (host), ' +
        'with the toolchains of PATH. The working tree is taken as it is, with what is uncommitted and what ' +
        'is untracked, without what git ignores; it is copied first, so steps change nothing in it.\n\n' +
        'Images are built and never pushed. Deploys are shown, and done with --yes only.\n\n' +
        'Ctrl-C ends the steps in an orderly way; a second one ends everything at once.\n\n' +
        'Exit code: 0 succeeded, 1 failed, 2 the command cannot do what was asked, 130 ended by Ctrl-C, ' +
        '143 by TERM.',
    )
    .addArgument(
      new Argument('[stage]', 'the last stage to run (default: all that run here)').choices([
        'test',
        'build',
        'image',
        'deploy',
      ] satisfies RunStage[]),
    );
  for (const option of [...eventOptions(), ...localOptions()]) command.addOption(option);
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
  tekton-ci run --secret NPM_TOKEN --secret CERTIFICATE=./cert.pem
  tekton-ci run deploy --yes --kubeconfig ~/.kube/config
`,
    )
    .action(async (stage: RunStage | undefined, _options: unknown, self: Command) => {
      const { runHere } = await import('./run-here.ts');
      exit(await runHere(cli, stage, self.optsWithGlobals<RunOptions>()));
    });
}

function localOptions(): Option[] {
  return [
    new Option(
      '-r, --runtime <runtime>',
      'what runs the steps (default: podman or docker when one answers, else host)',
    ).choices(['podman', 'docker', 'host'] satisfies RuntimeName[]),
    new Option('--layout <layout>', 'where the stages live: steps of one task, or a task each')
      .choices(['pod', 'tasks'] satisfies Layout[])
      .default('pod'),
    new Option(
      '-s, --secret <name[=file]>',
      'give a secret of the config: the environment variable of its name, else asked for at the terminal; or what is in ' +
        'a file; again for each secret',
    ).argParser((text: string, before: readonly string[] = []) => [...before, text]),
    new Option('--no-services', 'leave the services out, because they run on this machine already'),
    new Option('--yes', 'do the deploys; each of them counts as approved'),
    new Option('--kubeconfig <file>', 'the cluster that deploys go to'),
  ];
}
