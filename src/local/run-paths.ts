import { join } from 'node:path';
import type { RunName } from '../core/pipeline/run.ts';

/** Where a run keeps what. Only `tasks` and `secrets` go when it ends. */
export interface RunPaths {
  readonly directory: string;
  /** As it was submitted. */
  readonly pipelineRun: string;
  /** Everything else, written last: a run without it was never submitted. */
  readonly state: string;
  /** `<secret>/<key>` of this run's own secrets. */
  readonly secrets: string;
  readonly tasks: string;
  readonly logs: string;
}

export function runPaths(dataDirectory: string, name: RunName): RunPaths {
  const directory = join(runsDirectory(dataDirectory), name);
  return {
    directory,
    pipelineRun: join(directory, 'pipeline-run.json'),
    state: join(directory, 'state.json'),
    secrets: join(directory, 'secrets'),
    tasks: join(directory, 'tasks'),
    logs: join(directory, 'logs'),
  };
}

export function runsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'runs');
}

/** A task's own directory; steps see these paths. */
export interface TaskPaths {
  readonly directory: string;
  readonly home: string;
  readonly tmp: string;
  readonly results: string;
  readonly scripts: string;
  readonly workspaces: string;
}

export function taskPaths(run: RunPaths, task: string): TaskPaths {
  const directory = join(run.tasks, task);
  return {
    directory,
    home: join(directory, 'home'),
    tmp: join(directory, 'tmp'),
    results: join(directory, 'results'),
    scripts: join(directory, 'scripts'),
    workspaces: join(directory, 'workspaces'),
  };
}

export function logPath(run: RunPaths, stepId: string): string {
  return join(run.logs, `${stepId}.log`);
}
