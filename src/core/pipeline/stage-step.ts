import type { Resources } from '../config/config.ts';
import type { TaskStep, Volume } from './pipeline-run.ts';
import type { StepRef } from './run.ts';

/** Results of tasks: all that there are, and always written by a step that surely runs. */
export type ResultName = 'commit' | 'url' | 'IMAGE_URL' | 'IMAGE_DIGEST';

/** A stage as a step, and what its task must bring for it. Workspaces that it alone sees are named by the step. */
export interface StageStep extends StepRef {
  readonly step: TaskStep;
  readonly volumes?: readonly Volume[];
  readonly results?: readonly ResultName[];
  /** What it asks for itself; absent: it does with what the others of its task need. */
  readonly resources?: Resources;
}
