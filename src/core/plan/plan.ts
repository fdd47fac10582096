import type { ResolvedProject } from '../config/resolved-project.ts';
import type { RunKey } from './run-key.ts';

/** What an event makes us do, and the reason for every yes and no. */
export interface Plan {
  /** True when the config has several projects: then there is a gate besides their checks. */
  readonly gated: boolean;
  readonly projects: readonly ProjectPlan[];
}

export type ProjectPlan = PlannedRun | SkippedProject;

export interface PlannedRun {
  readonly runs: true;
  readonly name: string;
  readonly key: RunKey;
  readonly project: ResolvedProject;
  /** Every decision about this project, in words: what runs, what does not, and why. */
  readonly decisions: readonly string[];
}

export interface SkippedProject {
  readonly runs: false;
  readonly name: string;
  readonly reason: string;
}
