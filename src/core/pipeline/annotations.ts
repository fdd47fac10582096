/** Annotations of a PipelineRun: everything that labels cannot hold, and what the app remembers of its run. */
export const ANNOTATION = {
  /** The run's key as one line of text: two runs are the same when these are equal. */
  key: 'tekton-ci.dev/key',
  /** `acme/api` */
  repository: 'tekton-ci.dev/repository',
  installation: 'tekton-ci.dev/installation',
  branch: 'tekton-ci.dev/branch',
  tag: 'tekton-ci.dev/tag',
  /** First line of the commit's message. */
  title: 'tekton-ci.dev/title',
  /** JSON list of `PlacedStep`. */
  steps: 'tekton-ci.dev/steps',
  /** JSON: how the check is named, the decisions, and the projects of the gate. */
  plan: 'tekton-ci.dev/plan',
  /** JSON: the branches whose head was the run's commit, and when each was pushed. */
  wantedBy: 'tekton-ci.dev/wanted-by',
  /** JSON: the answers to the run's turns, by target. */
  turns: 'tekton-ci.dev/turns',
  /** When the run was let go; ISO 8601. */
  released: 'tekton-ci.dev/released',
  /** JSON: why the run was ended, where Tekton's objects do not tell it, or not for long. */
  cause: 'tekton-ci.dev/cause',
  /** JSON list: the names of what failed, which the next run of the branch is held against. */
  failed: 'tekton-ci.dev/failed',
  /** JSON: why a run that would have been tried again is not. */
  retry: 'tekton-ci.dev/retry',
  /** `unstored`: the run's check was completed before the log store had taken its logs; `stored` once it has. */
  logs: 'tekton-ci.dev/logs',
  /** JSON: what was last reported of the run's own check. */
  check: 'tekton-ci.dev/check',
  /** JSON: what was last reported of the gate; kept on one run of the group. */
  gate: 'tekton-ci.dev/gate',
} as const;
