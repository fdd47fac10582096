import type { StepRef } from './run.ts';

export type StepState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped';

export interface StepStatus extends StepRef {
  readonly state: StepState;
  readonly exitCode?: number;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}

/** Reasons that are nobody's code: an open set, spelt as Kubernetes and Tekton spell them where they have a name. */
export type InfrastructureReason = string;

/** Why a run is not green: one, the first. */
export type Cause =
  | {
      readonly kind: 'step';
      readonly step: StepRef;
      readonly exitCode: number;
      /** It was killed because it needed more memory than it may have. */
      readonly outOfMemory?: true;
    }
  | { readonly kind: 'timeout'; readonly of: 'run' | StepRef }
  | { readonly kind: 'cancelled'; readonly by: string; readonly why: string }
  | {
      readonly kind: 'infrastructure';
      readonly reason: InfrastructureReason;
      readonly detail: string;
      readonly retry: boolean;
    };

/** What keeps something from starting, in the words of whoever knows. */
export interface Blocked {
  readonly reason: InfrastructureReason;
  readonly detail: string;
}

export type Verdict = 'succeeded' | 'failed' | 'cancelled' | 'timed-out' | 'infrastructure';

export type RunStatus =
  | { readonly phase: 'pending' /** Runs that start before this one. */; readonly ahead: number }
  | {
      readonly phase: 'starting';
      readonly since: Date;
      readonly blocked?: Blocked;
    }
  | {
      readonly phase: 'running';
      readonly steps: readonly StepStatus[];
      readonly turns: readonly { readonly target: string; readonly since: Date }[];
      /** A task after the first cannot start. */
      readonly blocked?: Blocked;
    }
  | {
      readonly phase: 'done';
      readonly verdict: Verdict;
      readonly cause?: Cause;
      readonly steps: readonly StepStatus[];
      readonly results: { readonly imageUrl?: string; readonly imageDigest?: string };
      readonly finishedAt: Date;
    };
