import { join } from 'node:path';
import type { RunName } from '../core/pipeline/run.ts';

/** Where a run keeps what. Only `tasks`, `claims` and `secrets` go when it ends. */
export interface RunPaths {
  readonly directory: string;
  /** As it was submitted. */
  readonly pipelineRun: string;
  /** Everything else, written last: a run without it was never submitted. */
  readonly state: string;
  /** `<secret>/<key>` of this run's own secrets. */
  readonly secrets: string;
  readonly tasks: string;
  /** What its tasks share: one folder for each `volumeClaimTemplate`. */
  readonly claims: string;
  readonly logs: string;
  /** `<claim>` of the operator's claims, which outlive runs. */
  readonly sharedClaims: string;
}

export function runPaths(dataDirectory: string, name: RunName): RunPaths {
  const directory = join(runsDirectory(dataDirectory), name);
  return {
    directory,
    pipelineRun: join(directory, 'pipeline-run.json'),
    state: join(directory, 'state.json'),
    secrets: join(directory, 'secrets'),
    tasks: join(directory, 'tasks'),
    claims: join(directory, 'claims'),
    logs: join(directory, 'logs'),
    sharedClaims: join(dataDirectory, 'claims'),
  };
}

export function runsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'runs');
}

/** A task's own directory on this machine. */
export interface TaskPaths {
  readonly directory: string;
  readonly home: string;
  readonly tmp: string;
  readonly results: string;
  readonly scripts: string;
  readonly workspaces: string;
  readonly volumes: string;
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
    volumes: join(directory, 'volumes'),
  };
}

/** Where the steps of a task find its folders. */
export type TaskView = Pick<TaskPaths, 'results' | 'scripts' | 'workspaces'>;

/** As Tekton mounts them: https://tekton.dev/docs/pipelines/tasks/#reserved-directories */
export const CONTAINER_VIEW: TaskView = {
  results: '/tekton/results',
  scripts: '/tekton/scripts',
  workspaces: '/workspace',
};

export function logPath(run: RunPaths, stepId: string): string {
  return join(run.logs, `${stepId}.log`);
}

/** Beside the steps' logs; two dots, which no step's has. */
export function serviceLogPath(run: RunPaths, task: string, service: string): string {
  return join(run.logs, `${task}.service.${service}.log`);
}
