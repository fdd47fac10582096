import type { EmbeddedTask, PipelineTask, TaskRunSpec } from '../pipeline-run.ts';
import type { PlacedStep } from '../run.ts';

/** Where the steps of a run live. */
export interface Layout {
  readonly tasks: readonly PipelineTask[];
  readonly finally: readonly EmbeddedTask[];
  readonly taskRunSpecs: readonly TaskRunSpec[];
  readonly steps: readonly PlacedStep[];
  /** Pipeline results by name: each is a task's result. */
  readonly results: readonly { readonly name: string; readonly value: string }[];
}
