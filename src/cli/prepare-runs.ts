import { join } from 'node:path';
import type { ResolvedProject } from '../core/config/resolved-project.ts';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import { chooseProjects } from './choose-projects.ts';
import { readCommitFiles } from './commit-files.ts';
import { loadConfig, printProblems, readConfigFile } from './load-config.ts';
import type { Cli } from './ports.ts';
import { type GitRef, type RenderedProject, renderProjects } from './render-projects.ts';
import { pushedRef, repositoryNames } from './repository-names.ts';
import type { RunOptions, RunStage } from './run-options.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { UsageError } from './usage-error.ts';
import { findWorkingTree } from './working-tree.ts';

export interface PreparedRuns {
  readonly rendered: readonly RenderedProject[];
  readonly snapshot: Snapshot;
  readonly ref: GitRef;
}

interface RunRequest {
  /** Where the snapshot is made. */
  readonly directory: string;
  readonly stage: RunStage | undefined;
  readonly options: RunOptions;
}

/** Copies the working tree and renders its runs. Null when the config has problems, which are printed. */
export async function prepareRuns(
  cli: Cli,
  { directory, stage, options }: RunRequest,
): Promise<PreparedRuns | null> {
  const tree = await findWorkingTree(cli.directory, cli.environment);
  const text = await readConfigFile(join(tree.root, CONFIG_FILE), CONFIG_FILE);
  const ref = await pushedRef(tree, options);
  const snapshot = await takeSnapshot(tree, directory, cli.environment);
  const loaded = await loadConfig(text, readCommitFiles(snapshot.git, snapshot.sha));
  if (!loaded.ok) {
    printProblems(loaded.problems, cli.output.err);
    return null;
  }
  const projects = chooseProjects(loaded.projects, options.project);
  if (stage !== undefined) checkStage(projects, stage);
  const rendered = renderProjects({
    repository: await repositoryNames(tree),
    ref,
    sha: snapshot.sha,
    cloneUrl: snapshot.url,
    projects,
    ...(stage === undefined ? {} : { until: stage }),
  });
  return { rendered, snapshot, ref };
}

function checkStage(projects: readonly ResolvedProject[], stage: RunStage): void {
  const has = projects.some(({ tests, build }) =>
    stage === 'test' ? tests.length > 0 : build !== undefined,
  );
  if (has) return;
  const cure = stage === 'test' ? 'take `test: off` out of' : 'write `build: on` into';
  throw new UsageError('stage-off', `there is no ${stage} stage to run: ${cure} ${CONFIG_FILE}.`);
}
