import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { PlacedStep } from '../core/pipeline/run.ts';
import { UserError } from '../core/user-error.ts';
import type { Runtime } from './runtime.ts';
import { embeddedTasks } from './task-graph.ts';

/** Throws a `UserError` when a task cannot run on this machine. */
export function refuseByRuntime(
  { pipelineRun, steps }: { readonly pipelineRun: PipelineRun; readonly steps: readonly PlacedStep[] },
  runtime: Runtime,
): void {
  for (const task of embeddedTasks(pipelineRun)) {
    const why = runtime.refuse(
      task,
      (step) => steps.find((placed) => placed.task === task.name && placed.step === step)?.stage,
    );
    if (why !== null)
      throw new UserError('unsupported-by-runtime', `This machine cannot run it by itself: ${why}.`);
  }
}
