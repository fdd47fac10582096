import { UserError } from '../user-error.ts';
import type { EmbeddedTask, EnvVar } from './pipeline-run.ts';
import type { Run } from './run.ts';

const KIB = 1024;

/** Tekton writes the resolved spec into the status too, and etcd refuses objects over 1.5 MiB: then a run hangs. */
const SPEC_LIMIT = 1024 * KIB;
/** Scripts of a task travel as arguments of one init container. */
const SCRIPTS_LIMIT = 90 * KIB;
/** Linux refuses a single argument or variable of 128 KiB (MAX_ARG_STRLEN). */
const ENV_VALUE_LIMIT = 120 * KIB;

/**
 * The kubelet divides so many bytes among a pod's containers, and gives none more than 4096. Results travel in those messages.
 * https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
const MESSAGES_LIMIT = 12_288;
const MESSAGE_LIMIT = 4096;
/** Tekton's own: they prepare the pod. */
const INIT_CONTAINERS = 3;
/** Of each message: when the step started, and how a result is written down. */
const MESSAGE_BASE = 128;
const RESULT_BASE = 48;
const SHA1 = 40;
const SHA256 = 'sha256:'.length + 64;

/** Throws a `UserError` when Tekton or Kubernetes could not carry the run, saying what is too large and by how much. */
export function checkLimits(run: Run): void {
  const { spec, metadata } = run.pipelineRun;
  const { tasks, finally: last = [] } = spec.pipelineSpec;
  for (const task of [...tasks, ...last]) if ('taskSpec' in task) checkTask(task);
  const annotations = bytes(JSON.stringify(metadata.annotations));
  refuseOver(
    SPEC_LIMIT,
    2 * bytes(JSON.stringify(spec)) + annotations,
    'the rendered PipelineRun, counted twice',
  );
}

function checkTask({ name: task, taskSpec }: EmbeddedTask): void {
  const scripts = taskSpec.steps.reduce((sum, step) => sum + bytes(step.script ?? ''), 0);
  refuseOver(SCRIPTS_LIMIT, scripts, `the scripts of task ${task}`);
  for (const { name: container, env = [] } of [...taskSpec.steps, ...(taskSpec.sidecars ?? [])]) {
    for (const { name, value = '' } of env) {
      refuseOver(ENV_VALUE_LIMIT, bytes(value), variableOf(container, name));
    }
  }
  checkResults(task, taskSpec);
}

/** What the results will be is known but for digests, whose length is. */
function checkResults(task: string, { steps, sidecars = [], results = [] }: EmbeddedTask['taskSpec']): void {
  if (results.length === 0) return;
  const containers = steps.length + sidecars.length + INIT_CONTAINERS;
  const limit = Math.min(MESSAGE_LIMIT, Math.floor(MESSAGES_LIMIT / containers));
  const env = new Map(steps.flatMap((step) => step.env ?? []).map((entry) => [entry.name, entry]));
  const size = results.reduce((sum, { name }) => sum + RESULT_BASE + name.length + resultSize(name, env), 0);
  refuseOver(limit, MESSAGE_BASE + size, `the results of task ${task}`);
}

function resultSize(name: string, env: ReadonlyMap<string, EnvVar>): number {
  if (name === 'commit') return SHA1;
  if (name === 'IMAGE_DIGEST') return SHA256;
  const value = env.get(name === 'url' ? 'TEKTON_CI_URL' : 'TEKTON_CI_IMAGE_URL')?.value ?? '';
  return bytes(JSON.stringify(value));
}

/** Commands travel in variables of ours; people know them as commands. */
function variableOf(step: string, name: string): string {
  const [, number] = /^TEKTON_CI_COMMAND_(\d+)$/.exec(name) ?? [];
  return number === undefined ? `the value of ${name} in ${step}` : `command ${number} of ${step}`;
}

function refuseOver(limit: number, size: number, what: string): void {
  if (size <= limit) return;
  const amounts =
    limit < KIB * 8
      ? `${size} bytes of at most ${limit}`
      : `${Math.ceil(size / KIB)} KiB of at most ${limit / KIB} KiB`;
  throw new UserError('run-too-large', `Too large: ${what}, ${amounts}; ${adviceFor(what)}`);
}

function adviceFor(what: string): string {
  return what.startsWith('the results')
    ? 'use fewer services, or shorter addresses'
    : 'move long commands into a script of the repository';
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
