import { Command } from 'commander';
import { demoCommand } from './demo-command.ts';
import { lintCommand } from './lint-command.ts';
import { planCommand } from './plan-command.ts';
import type { Cli, Exit } from './ports.ts';
import { renderCommand } from './render-command.ts';
import { runCommand } from './run-command.ts';
import { serverCommand } from './server-command.ts';

/** The command line's grammar and help. Commands load what they do when they are called. */
export function createProgram(cli: Cli, exit: Exit): Command {
  const program = new Command('tekton-ci')
    .description('CI for GitHub repositories on Tekton: the same pipeline on a push, and here before it.')
    .version(cli.version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .option('--debug', 'print stack traces and what the engine says of itself')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.output.out.write(text),
      writeErr: (text) => cli.output.err.write(text),
      getOutHelpWidth: () => cli.output.out.columns,
      getErrHelpWidth: () => cli.output.err.columns,
    })
    .addHelpText(
      'after',
      `
Examples:
  tekton-ci lint             is .tekton-ci.yml right?
  tekton-ci run test         run the pipeline on this machine, up to its tests
  tekton-ci plan             what does a push of HEAD run, and why?
  tekton-ci render           print the PipelineRun that a push makes
`,
    );
  for (const create of [lintCommand, planCommand, renderCommand, runCommand, demoCommand, serverCommand]) {
    program.addCommand(create(cli, exit).copyInheritedSettings(program));
  }
  return program;
}
