import type { Config } from '../config/config.ts';
import { formatProblem } from '../config/format-problem.ts';
import type { Problem } from '../config/problem.ts';
import { CONFIG_FILE } from '../config/toolchain-files.ts';
import type { Plan } from './plan.ts';
import type { Changes } from './select-projects.ts';

/** What a candidate makes us do. */
export type CommitPlan =
  | { readonly kind: 'nothing'; readonly reason: string }
  /** The gate fails: there is no config to go by. */
  | { readonly kind: 'unconfigured'; readonly advice: string }
  /** `elsewhere`: the branch that the config was read from, when that is not the commit's own. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[]; readonly elsewhere: string | null }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** Somebody has to approve it first. */
  | { readonly kind: 'waiting'; readonly changes: Changes; readonly config: Config }
  /** `title`: the first line of the commit's message. */
  | { readonly kind: 'runs'; readonly plan: Plan; readonly title: string };

/** Decisions about one project, or about the whole commit. */
export interface Decisions {
  /** Null for the whole commit. */
  readonly project: string | null;
  readonly decisions: readonly string[];
}

/** Every decision of a plan, in words: what `/tekton-ci why` and `tekton-ci plan` print. */
export function decisionsOf(planned: CommitPlan): readonly Decisions[] {
  switch (planned.kind) {
    case 'nothing':
      return whole(`nothing: ${planned.reason}`);
    case 'unconfigured':
      return whole(`the check fails: ${planned.advice}`);
    case 'invalid':
      return whole(
        ...planned.problems.map((problem) => `the check fails: ${formatProblem(problem, CONFIG_FILE)}`),
      );
    case 'skipped':
      return whole(planned.reason.startsWith('skipped') ? planned.reason : `skipped: ${planned.reason}`);
    case 'waiting':
      return whole('waits for an approval: it is the pull request of a fork');
    case 'runs':
      return planned.plan.projects.map((project) => ({
        project: planned.plan.gated ? project.name : null,
        decisions: project.runs ? project.decisions : [project.reason],
      }));
  }
}

function whole(...decisions: readonly string[]): readonly Decisions[] {
  return [{ project: null, decisions }];
}
