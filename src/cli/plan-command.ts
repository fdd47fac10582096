import { Command } from 'commander';
import type { Cli, Exit } from './ports.ts';
import type { PlanOptions } from './print-plan.ts';

export function planCommand(cli: Cli, exit: Exit): Command {
  return new Command('plan')
    .summary('print what an event makes the server do, and why')
    .description(
      'Prints every decision that the server makes about an event, in the words of `/tekton-ci why`: which projects run, ' +
        'which do not, and why. Read from this clone alone; nothing is run and nothing is sent.\n\n' +
        'Exit code: 0 planned, 1 the check would fail, 2 the command cannot do what was asked.',
    )
    .option(
      '--event <file>',
      'the payload of a webhook, as GitHub shows it under Recent Deliveries; "-" reads standard input',
    )
    .option(
      '--push <base..head>',
      'a push that moves a branch from one commit to another (default: HEAD^..HEAD)',
    )
    .option('--branch <name>', 'the branch that is pushed (default: the one that is checked out)')
    .option('--default-branch <name>', "the repository's default branch (default: origin's)")
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci plan
  tekton-ci plan --push origin/main..HEAD --branch feature
  tekton-ci plan --event payload.json
`,
    )
    .action(async (options: PlanOptions) => {
      const { printPlan } = await import('./print-plan.ts');
      exit(await printPlan(cli, options));
    });
}
