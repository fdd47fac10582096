/** A check run as we want GitHub to show it. Field names and values are those of GitHub's checks API. */
export interface Check {
  /** `tekton-ci`, `tekton-ci / web`, `tekton-ci (tag v1.2.0)`. */
  readonly name: string;
  readonly headSha: string;
  /** Deterministic: a run's name, or `gate-<hash>`. */
  readonly externalId: string;
  readonly detailsUrl: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion?: Conclusion;
  readonly startedAt?: Date;
  readonly completedAt?: Date;
  readonly output: CheckOutput;
  /** Shown once the check is completed, at most three. */
  readonly buttons?: readonly Button[];
}

/** Limits in characters: https://docs.github.com/rest/checks/runs#create-a-check-run */
export interface Button {
  /** At most 20. */
  readonly label: string;
  /** At most 40. */
  readonly description: string;
  /** At most 20; what the event of the click says. */
  readonly identifier: string;
}

export type Conclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required';

export interface CheckOutput {
  readonly title: string;
  /** Markdown, at most 65,535 bytes of UTF-8. */
  readonly summary: string;
  /** At most 50 in one request. */
  readonly annotations: readonly Annotation[];
}

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Only allowed when start and end line are equal. */
  readonly startColumn?: number;
  readonly endColumn?: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title?: string;
  readonly message: string;
}
