import { Command, Option } from 'commander';
import type { LintFormat, LintOptions } from './lint-files.ts';
import type { Cli, Exit } from './ports.ts';

export function lintCommand(cli: Cli, exit: Exit): Command {
  return new Command('lint')
    .summary('check .tekton-ci.yml')
    .description(
      'Checks config files, or files of operator settings, and prints every problem at once, each with its ' +
        'line and column.\n\n' +
        'Exit code: 0 no problems, 1 problems, 2 a file could not be read.',
    )
    .argument('[file...]', 'files to check; "-" reads standard input (default: ".tekton-ci.yml")')
    .option('--settings', 'the files are operator settings')
    .addOption(
      new Option(
        '-f, --format <format>',
        'how problems are printed; "github" makes annotations in GitHub Actions',
      )
        .choices(['text', 'json', 'github'] satisfies LintFormat[])
        .default('text'),
    )
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci lint
  tekton-ci lint services/*/.tekton-ci.yml
  tekton-ci lint --settings settings.yaml
  git show HEAD:.tekton-ci.yml | tekton-ci lint -
  tekton-ci lint --format json | jq '.files[].problems[].line'
`,
    )
    .action(async (files: string[], options: LintOptions) => {
      const { lintFiles } = await import('./lint-files.ts');
      exit(await lintFiles(cli, files, options));
    });
}
