import type { ResolvedProject } from '../core/config/resolved-project.ts';
import type { RenderInput } from '../core/pipeline/render-input.ts';
import { renderRun } from '../core/pipeline/render-run.ts';
import type { Run } from '../core/pipeline/run.ts';
import type { PushEvent } from '../core/plan/event.ts';
import type { PlannedRun } from '../core/plan/plan.ts';
import { planProject } from '../core/plan/plan-project.ts';
import type { RunKey } from '../core/plan/run-key.ts';
import type { RepositorySettings } from '../core/settings/settings.ts';
import { describeStep } from './describe-step.ts';
import type { Here } from './here.ts';
import { type NotDone, planHere } from './plan-here.ts';
import type { RepositoryNames } from './repository-names.ts';

export type GitRef = PushEvent['ref'];

/** One push, as it is rendered without GitHub. */
export interface RenderRequest {
  readonly repository: RepositoryNames;
  readonly ref: GitRef;
  /** 40 lower-case hex digits. */
  readonly sha: string;
  /** What the clone step fetches from. */
  readonly cloneUrl: string;
  /** The projects to render, in this order. */
  readonly projects: readonly ResolvedProject[];
  readonly settings: RepositorySettings;
  /** How this machine is to execute it; absent: as the server would. */
  readonly here?: Here;
}

export interface RenderedProject {
  readonly name: string;
  /** Null when the project has nothing to run; then the reason says why. */
  readonly run: Run | null;
  readonly reason: string;
  readonly decisions: readonly string[];
  /** On this machine: what is shown in place of being done. */
  readonly shown: readonly ShownStep[];
  /** On this machine: what else differs from the server. */
  readonly notes: readonly string[];
}

export interface ShownStep extends NotDone {
  /** What the step would do, a line each. */
  readonly would: readonly string[];
}

/** What a push runs of these projects, whatever it changed. Pure: the same request gives the same bytes. */
export function renderProjects(request: RenderRequest): RenderedProject[] {
  return request.projects.map((project) => renderProject(project, request));
}

function renderProject(project: ResolvedProject, request: RenderRequest): RenderedProject {
  const { ref, here } = request;
  const reason = 'runs: asked for';
  const plan = planProject(project, keyOf(project, request), { reason, branch: branchOf(ref) });
  const { name } = plan;
  if (!plan.runs) return { ...NOTHING, name, reason: plan.reason, decisions: [plan.reason] };
  const input = inputOf(plan, request);
  if (here === undefined) {
    return { ...NOTHING, name, run: renderRun(input), reason, decisions: plan.decisions };
  }
  const { plan: local, empty, shown, notes } = planHere(plan, here);
  return {
    name,
    run: empty ? null : renderRun({ ...input, run: local }),
    reason: empty ? 'nothing of it is done here' : reason,
    decisions: local.decisions,
    shown: shown.map((step) => ({ ...step, would: describeStep(step, input) })),
    notes,
  };
}

const NOTHING = { run: null, shown: [], notes: [] } as const;

function inputOf(run: PlannedRun, { repository, ref, cloneUrl, settings }: RenderRequest): RenderInput {
  return {
    run,
    source: {
      repository: `${repository.owner}/${repository.name}`,
      installationId: 0,
      cloneUrl,
      branch: branchOf(ref),
      tag: ref.kind === 'tag' ? ref.name : '',
      pullRequest: null,
      title: '',
      credentials: false,
    },
    settings,
    annotations: {},
  };
}

function branchOf({ kind, name }: GitRef): string {
  return kind === 'branch' ? name : '';
}

function keyOf(project: ResolvedProject, { repository, ref, sha }: RenderRequest): RunKey {
  const publishes = ref.kind === 'tag' || ref.name === repository.defaultBranch;
  return {
    // GitHub's number of the repository is not known here; nothing that is run depends on it.
    repositoryId: 0,
    project: project.name,
    sha,
    tag: ref.kind === 'tag' ? ref.name : null,
    purpose: publishes ? 'publish' : 'verify',
    trust: 'trusted',
    base: null,
    attempt: 1,
  };
}
