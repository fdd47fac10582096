import { Command, Option } from 'commander';
import type { Layout } from '../core/settings/settings.ts';
import { eventOptions } from './event-options.ts';
import type { Cli, Exit } from './ports.ts';
import type { RenderOptions } from './print-rendered.ts';

export function renderCommand(cli: Cli, exit: Exit): Command {
  const command = new Command('render')
    .summary('print the PipelineRun that a push makes')
    .description(
      "Prints, as YAML, the Tekton PipelineRun that a push of the working tree's config makes: one " +
        'document a project. The same files and options give the same bytes. Nothing is run and nothing ' +
        'is sent.\n\n' +
        'Exit code: 0 rendered, 1 the config has problems, 2 the command cannot do what was asked.',
    );
  for (const option of eventOptions()) command.addOption(option);
  return command
    .option('-p, --project <name>', 'render this project only (default: all)')
    .option('--sha <commit>', 'the commit, 40 hexadecimal digits (default: HEAD)')
    .option(
      '--settings <file>',
      'operator settings (default: those of an empty file, with every secret given)',
    )
    .addOption(
      new Option(
        '--layout <layout>',
        'where the stages live: steps of one pod, or a task each (default: as the settings say)',
      ).choices(['pod', 'tasks'] satisfies Layout[]),
    )
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci render
  tekton-ci render --event tag --ref v1.2.0
  tekton-ci render --settings settings.yaml --layout tasks
  tekton-ci render --project web | kubectl create --dry-run=server -f -
`,
    )
    .action(async (options: RenderOptions) => {
      const { printRendered } = await import('./print-rendered.ts');
      exit(await printRendered(cli, options));
    });
}
