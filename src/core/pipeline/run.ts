import type { RunKey } from '../plan/run-key.ts';
import type { PipelineRun } from './pipeline-run.ts';

export type Stage = 'clone' | 'test' | 'build' | 'image' | 'deploy';

/** The stages in the order they always have. */
export const STAGES = ['clone', 'test', 'build', 'image', 'deploy'] as const satisfies Stage[];

/** A stage as one step of a run. */
export interface StepRef {
  readonly stage: Stage;
  /** A version ("1.25") of a version list, or a deploy's target ("staging"). */
  readonly variant?: string;
}

/** Where a step is found in the PipelineRun. */
export interface PlacedStep extends StepRef {
  /** Name of the pipeline task. */
  readonly task: string;
  /** Name of the step in that task. */
  readonly step: string;
}

/** Name of a PipelineRun: a DNS label of at most 63 characters. */
export type RunName = string;

/** What the renderer gives and an engine executes. */
export interface Run {
  readonly name: RunName;
  readonly key: RunKey;
  readonly pipelineRun: PipelineRun;
  /** In order of execution. The `tekton-ci.dev/steps` annotation of the PipelineRun says the same. */
  readonly steps: readonly PlacedStep[];
}
