import { join } from 'node:path';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import { chooseProjects } from './choose-projects.ts';
import { readDirectoryFiles } from './directory-files.ts';
import type { EventOptions } from './event-options.ts';
import { loadConfig, printProblems, readConfigFile } from './load-config.ts';
import type { Cli } from './ports.ts';
import { printYaml } from './print-yaml.ts';
import { renderProjects } from './render-projects.ts';
import { pushedRef, repositoryNames } from './repository-names.ts';
import { UsageError } from './usage-error.ts';
import { findWorkingTree } from './working-tree.ts';

export interface RenderOptions extends EventOptions {
  readonly project?: string;
  readonly sha?: string;
  readonly layout: 'pod' | 'tasks';
}

/** Without a commit the pipeline can still be shown; this one exists nowhere. */
const NO_COMMIT = '0'.repeat(40);

/** Prints the PipelineRuns of the working tree's config. Resolves to the exit code. */
export async function printRendered(cli: Cli, options: RenderOptions): Promise<number> {
  if (options.layout === 'tasks') {
    throw new UsageError('layout-tasks', 'the layout "tasks" is not available yet; "pod" is.');
  }
  const tree = await findWorkingTree(cli.directory, cli.environment);
  const text = await readConfigFile(join(tree.root, CONFIG_FILE), CONFIG_FILE);
  const loaded = await loadConfig(text, readDirectoryFiles(tree.root));
  if (!loaded.ok) return printProblems(loaded.problems, cli.output.err);
  const repository = await repositoryNames(tree);
  const rendered = renderProjects({
    repository,
    ref: await pushedRef(tree, options),
    sha: commitOf(options.sha ?? tree.repository?.head ?? NO_COMMIT),
    cloneUrl: repository.cloneUrl,
    projects: chooseProjects(loaded.projects, options.project),
  });
  for (const { name, run, decisions } of rendered) {
    if (run === null) cli.output.err.write(`${name}: ${decisions.join('; ')}\n`);
  }
  printYaml(
    rendered.flatMap(({ run }) => run?.pipelineRun ?? []),
    cli.output.out,
  );
  return 0;
}

function commitOf(sha: string): string {
  if (/^[0-9a-f]{40}$/i.test(sha)) return sha.toLowerCase();
  throw new UsageError(
    'sha-malformed',
    `"${sha}" is no commit: --sha takes all of its 40 hexadecimal digits.`,
  );
}
