import type { ResolvedProject } from '../core/config/resolved-project.ts';
import { renderRun } from '../core/pipeline/render-run.ts';
import { DEFAULT_RENDER_SETTINGS } from '../core/pipeline/render-settings.ts';
import type { Run, Stage } from '../core/pipeline/run.ts';
import type { PushEvent } from '../core/plan/event.ts';
import { planProject } from '../core/plan/plan-project.ts';
import type { RunKey } from '../core/plan/run-key.ts';
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
  /** The last stage to render; without it all of them. */
  readonly until?: Stage;
}

export interface RenderedProject {
  readonly name: string;
  /** Null when the project has nothing to run; the decisions say why. */
  readonly run: Run | null;
  readonly decisions: readonly string[];
  /** What of the project's config the run leaves out. */
  readonly leftOut: readonly string[];
}

/** What a push runs of these projects, whatever it changed. Pure: the same request gives the same bytes. */
export function renderProjects(request: RenderRequest): RenderedProject[] {
  return request.projects.map((project) => renderProject(project, request));
}

function renderProject(project: ResolvedProject, request: RenderRequest): RenderedProject {
  const { repository, ref, until } = request;
  const cut = until === 'test' && project.build !== undefined;
  const plan = planProject(cut ? withoutBuild(project) : project, keyOf(project, request), 'runs: asked for');
  if (!plan.runs) return { name: plan.name, run: null, decisions: [plan.reason], leftOut: [] };
  const run = renderRun({
    run: plan,
    source: {
      repository: `${repository.owner}/${repository.name}`,
      installationId: 0,
      cloneUrl: request.cloneUrl,
      branch: ref.kind === 'branch' ? ref.name : '',
      tag: ref.kind === 'tag' ? ref.name : '',
      pullRequest: null,
      title: '',
      credentials: false,
    },
    settings: DEFAULT_RENDER_SETTINGS,
    annotations: {},
  });
  const decisions = cut ? plan.decisions.map(sayCut) : plan.decisions;
  return { name: plan.name, run, decisions, leftOut: leftOut(project) };
}

function withoutBuild({ build: _build, ...project }: ResolvedProject): ResolvedProject {
  return project;
}

function leftOut({ services, secrets, image, deploy }: ResolvedProject): string[] {
  const present = {
    services: services.length > 0,
    secrets: secrets.length > 0,
    image: image !== undefined,
    deploy: deploy.length > 0,
  };
  return Object.entries(present).flatMap(([key, there]) => (there ? [key] : []));
}

function sayCut(decision: string): string {
  return decision.startsWith('build:') ? 'build: no, it comes after what was asked for' : decision;
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
