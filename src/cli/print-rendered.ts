import { join, resolve } from 'node:path';
import type { ResolvedProject } from '../core/config/resolved-project.ts';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import { parseSettings } from '../core/settings/parse-settings.ts';
import type { Layout, RepositorySettings } from '../core/settings/settings.ts';
import { settingsFor } from '../core/settings/settings-for.ts';
import { chooseProjects } from './choose-projects.ts';
import { defaultSettings } from './default-settings.ts';
import { readDirectoryFiles } from './directory-files.ts';
import type { EventOptions } from './event-options.ts';
import { loadConfig, printProblems, readConfigFile, readSettingsFile } from './load-config.ts';
import type { Cli } from './ports.ts';
import { printYaml } from './print-yaml.ts';
import { renderProjects } from './render-projects.ts';
import { pushedRef, type RepositoryNames, repositoryNames } from './repository-names.ts';
import { UsageError } from './usage-error.ts';
import { findWorkingTree } from './working-tree.ts';

export interface RenderOptions extends EventOptions {
  readonly project?: string;
  readonly sha?: string;
  readonly layout?: Layout;
  /** A file of operator settings. */
  readonly settings?: string;
}

/** Without a commit the pipeline can still be shown; this one exists nowhere. */
const NO_COMMIT = '0'.repeat(40);

/** Prints the PipelineRuns of the working tree's config. Resolves to the exit code. */
export async function printRendered(cli: Cli, options: RenderOptions): Promise<number> {
  const tree = await findWorkingTree(cli.directory, cli.environment);
  const text = await readConfigFile(join(tree.root, CONFIG_FILE), CONFIG_FILE);
  const loaded = await loadConfig(text, readDirectoryFiles(tree.root));
  if (!loaded.ok) return printProblems(loaded.problems, CONFIG_FILE, cli.output.err);
  const repository = await repositoryNames(tree);
  const projects = chooseProjects(loaded.projects, options.project);
  const settings = await readSettings(cli, options, { repository, projects });
  if (settings === null) return 1;
  const rendered = renderProjects({
    repository,
    ref: await pushedRef(tree, options),
    sha: commitOf(options.sha ?? tree.repository?.head ?? NO_COMMIT),
    cloneUrl: repository.cloneUrl,
    projects,
    settings,
  });
  for (const { name, run, reason } of rendered) {
    if (run === null) cli.output.err.write(`${name}: ${reason}\n`);
  }
  printYaml(
    rendered.flatMap(({ run }) => run?.pipelineRun ?? []),
    cli.output.out,
  );
  return 0;
}

/** What the operator decides, or would decide. Null when the file has problems, which are printed. */
async function readSettings(
  cli: Cli,
  { settings: file, layout }: RenderOptions,
  of: { readonly repository: RepositoryNames; readonly projects: readonly ResolvedProject[] },
): Promise<RepositorySettings | null> {
  const over = layout === undefined ? {} : { layout };
  if (file === undefined) {
    const names = of.projects.flatMap(({ secrets }) => secrets);
    return { ...defaultSettings(of.repository, names), ...over };
  }
  const parsed = parseSettings(await readSettingsFile(resolve(cli.directory, file), file));
  if (parsed.ok)
    return { ...settingsFor(parsed.settings, `${of.repository.owner}/${of.repository.name}`), ...over };
  printProblems(parsed.problems, file, cli.output.err);
  return null;
}

function commitOf(sha: string): string {
  if (/^[0-9a-f]{40}$/i.test(sha)) return sha.toLowerCase();
  throw new UsageError(
    'sha-malformed',
    `"${sha}" is no commit: --sha takes all of its 40 hexadecimal digits.`,
  );
}
