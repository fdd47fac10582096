import { UserError } from '../user-error.ts';
import type { Run } from './run.ts';

const KIB = 1024;

/** Tekton writes the resolved spec into the status too, and etcd refuses objects over 1.5 MiB: then a run hangs. */
const SPEC_LIMIT = 1024 * KIB;
/** Scripts of a task travel as arguments of one init container. */
const SCRIPTS_LIMIT = 90 * KIB;
/** Linux refuses a single argument or variable of 128 KiB (MAX_ARG_STRLEN). */
const ENV_VALUE_LIMIT = 120 * KIB;

/** Throws a `UserError` when Tekton or Kubernetes could not carry the run, saying what is too large and by how much. */
export function checkLimits(run: Run): void {
  const { spec, metadata } = run.pipelineRun;
  for (const task of spec.pipelineSpec.tasks) {
    const scripts = task.taskSpec.steps.reduce((sum, step) => sum + bytes(step.script ?? ''), 0);
    refuseOver(SCRIPTS_LIMIT, scripts, `the scripts of task ${task.name}`);
    for (const step of task.taskSpec.steps) {
      for (const { name, value } of step.env ?? []) {
        refuseOver(ENV_VALUE_LIMIT, bytes(value ?? ''), variableOf(step.name, name));
      }
    }
  }
  const annotations = bytes(JSON.stringify(metadata.annotations));
  refuseOver(
    SPEC_LIMIT,
    2 * bytes(JSON.stringify(spec)) + annotations,
    'the rendered PipelineRun, counted twice',
  );
}

/** Commands travel in variables of ours; people know them as commands. */
function variableOf(step: string, name: string): string {
  const [, number] = /^TEKTON_CI_COMMAND_(\d+)$/.exec(name) ?? [];
  return number === undefined ? `the value of ${name} in ${step}` : `command ${number} of ${step}`;
}

function refuseOver(limit: number, size: number, what: string): void {
  if (size <= limit) return;
  const kib = Math.ceil(size / KIB);
  throw new UserError(
    'run-too-large',
    `Too large: ${what}, ${kib} KiB of at most ${limit / KIB} KiB; move long commands into a script of the repository`,
  );
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
