import { join } from 'node:path';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import type { RepositorySettings } from '../core/settings/settings.ts';
import { chooseProjects } from './choose-projects.ts';
import { readCommitFiles } from './commit-files.ts';
import { defaultSettings } from './default-settings.ts';
import type { Here } from './here.ts';
import { loadConfig, printProblems, readConfigFile } from './load-config.ts';
import type { Cli } from './ports.ts';
import { refuseHere, refuseNothingDeployed } from './refuse-here.ts';
import { type GitRef, type RenderedProject, renderProjects } from './render-projects.ts';
import { pushedRef, type RepositoryNames, repositoryNames } from './repository-names.ts';
import type { RunOptions } from './run-options.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { LOCAL_SECRETS } from './store-secrets.ts';
import { findWorkingTree } from './working-tree.ts';

export interface PreparedRuns {
  readonly rendered: readonly RenderedProject[];
  readonly snapshot: Snapshot;
  readonly ref: GitRef;
  readonly here: Here;
}

interface RunRequest {
  /** Where the snapshot is made. */
  readonly directory: string;
  readonly here: Here;
  readonly options: RunOptions;
}

/**
 * Copies the working tree and renders its runs. Null when the config has problems, which are printed; rejects with a `UsageError`
 * when this machine cannot do what was asked.
 */
export async function prepareRuns(
  cli: Cli,
  { directory, here, options }: RunRequest,
): Promise<PreparedRuns | null> {
  const tree = await findWorkingTree(cli.directory, cli.environment);
  const text = await readConfigFile(join(tree.root, CONFIG_FILE), CONFIG_FILE);
  const ref = await pushedRef(tree, options);
  const snapshot = await takeSnapshot(tree, directory, cli.environment);
  const loaded = await loadConfig(text, readCommitFiles(snapshot.git, snapshot.sha));
  if (!loaded.ok) {
    printProblems(loaded.problems, CONFIG_FILE, cli.output.err);
    return null;
  }
  const projects = chooseProjects(loaded.projects, options.project);
  refuseHere(projects, here);
  const repository = await repositoryNames(tree);
  const rendered = renderProjects({
    repository,
    ref,
    sha: snapshot.sha,
    cloneUrl: snapshot.url,
    projects,
    settings: settingsHere(repository, here, options),
    here,
  });
  refuseNothingDeployed(rendered, here);
  return { rendered, snapshot, ref, here };
}

function settingsHere(
  repository: RepositoryNames,
  { secrets, kubeconfig }: Here,
  { layout }: RunOptions,
): RepositorySettings {
  const names = secrets.map(({ name }) => name);
  return {
    ...defaultSettings(repository, names),
    layout,
    ...(kubeconfig === undefined ? {} : { deploy: { kubeconfig: LOCAL_SECRETS.kubeconfig } }),
  };
}
