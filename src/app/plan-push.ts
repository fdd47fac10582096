import type { Config, ProjectConfig } from '../core/config/config.ts';
import { parseConfig } from '../core/config/parse-config.ts';
import type { Problem } from '../core/config/problem.ts';
import { resolveProject } from '../core/config/resolve-project.ts';
import type { ProjectFiles } from '../core/config/resolved-project.ts';
import { checkName } from '../core/plan/check-name.ts';
import type { PushEvent } from '../core/plan/event.ts';
import { ignorePush } from '../core/plan/ignore-push.ts';
import { notGreen } from '../core/plan/not-green.ts';
import type { Plan, PlannedRun, ProjectPlan } from '../core/plan/plan.ts';
import { planProject } from '../core/plan/plan-project.ts';
import { purposeOfPush } from '../core/plan/purpose-of-push.ts';
import type { RunKey } from '../core/plan/run-key.ts';
import { type Changes, type Selection, selectProjects } from '../core/plan/select-projects.ts';
import { skipMark } from '../core/plan/skip-mark.ts';
import { UserError } from '../core/user-error.ts';
import type { Checks, CommitSnapshot, ExistingCheck, Repositories } from './ports.ts';

/** What a push makes us do. */
export type PushPlan =
  | { readonly kind: 'nothing'; readonly reason: string }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'runs'; readonly plan: Plan };

export interface PlanPorts {
  readonly repositories: Repositories;
  readonly checks: Checks;
}

/** A push, and which attempt at its commit it asks for: the first, when nothing is said. */
export type AttemptedPush = PushEvent & { readonly attempt?: number };

/** A push whose ref still exists. */
export type LivePush = AttemptedPush & { readonly sha: string };

/** True when a push stands for a commit that may have to run. */
export function isLive(event: AttemptedPush): event is LivePush {
  return ignorePush(event) === null;
}

/** Reads what the decision needs, one request for a repository that is one project, and decides. */
export async function planPush(ports: PlanPorts, event: LivePush): Promise<PushPlan> {
  const snapshot = await ports.repositories.snapshot(event.repository, event.sha);
  if (snapshot.config === null) {
    return { kind: 'nothing', reason: 'the commit has no .tekton-ci.yml' };
  }
  const parsed = parseConfig(snapshot.config.text);
  if (!parsed.ok) return { kind: 'invalid', problems: parsed.problems };
  const mark = skipMark(event.message);
  if (mark !== null) return { kind: 'skipped', reason: `the commit's message says ${mark}` };
  return planConfig(ports, event, { config: parsed.config, snapshot });
}

async function planConfig(
  ports: PlanPorts,
  event: LivePush,
  { config, snapshot }: { config: Config; snapshot: CommitSnapshot },
): Promise<PushPlan> {
  const selection = await select(ports, event, config);
  const selected = selection.filter(({ runs }) => runs).map(({ project }) => project);
  const files = await readProjectFiles(ports, event, { selected, snapshot });
  const planned = selection.map((choice) => planSelected(event, choice, files));
  const problems = planned.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) return { kind: 'invalid', problems };
  const projects = planned.flatMap((result) => ('problems' in result ? [] : [result]));
  const first = projects[0];
  if (!config.monorepo && first?.runs === false) return { kind: 'skipped', reason: first.reason };
  return { kind: 'runs', plan: { gated: config.monorepo, projects } };
}

async function select(ports: PlanPorts, event: LivePush, config: Config): Promise<Selection[]> {
  if (!config.monorepo) return selectProjects(config.projects, everything('every push tests the repository'));
  if (event.ref.kind === 'tag')
    return selectProjects(config.projects, everything('a tag concerns every project'));
  if (purposeOfPush(event) === 'publish') return selectOnDefaultBranch(ports, event, config);
  const { defaultBranch } = event.repository;
  const changes = await readChanges(ports, event, { base: defaultBranch, name: defaultBranch });
  return selectProjects(config.projects, changes);
}

async function selectOnDefaultBranch(
  ports: PlanPorts,
  event: LivePush,
  config: Config,
): Promise<Selection[]> {
  const { before, repository, forced } = event;
  if (before === null) return selectProjects(config.projects, everything('the branch is new'));
  if (forced) return selectProjects(config.projects, everything('the push was forced'));
  const [changes, earlier] = await Promise.all([
    readChanges(ports, event, { base: before, name: before.slice(0, 7) }),
    ports.checks.list(repository, before),
  ]);
  const names = new Map(config.projects.map(({ name }) => [checkName({ project: name }), name]));
  const red = notGreen(earlier, checkName({}), [...names.keys()]);
  if (red === null || (await wasSkipped(ports, event, earlier))) {
    return selectProjects(config.projects, everything(`nothing is known of ${before.slice(0, 7)}`));
  }
  return selectProjects(config.projects, changes, new Set([...red].map((name) => names.get(name) ?? '')));
}

/**
 * A commit whose message asked for no checks hides what was red before it. Its gate is skipped, as that of a commit that
 * touched no project is, which hides nothing: only the message tells them apart.
 */
async function wasSkipped(
  { repositories }: PlanPorts,
  { repository, before }: LivePush,
  earlier: readonly ExistingCheck[],
): Promise<boolean> {
  const isSkippedGate = (check: ExistingCheck) =>
    check.name === checkName({}) && check.conclusion === 'skipped';
  if (before === null || !earlier.some(isSkippedGate)) return false;
  const { message } = await repositories.snapshot(repository, before);
  return skipMark(message) !== null;
}

async function readChanges(
  ports: PlanPorts,
  event: LivePush,
  against: { base: string; name: string },
): Promise<Changes> {
  const { files, complete } = await ports.repositories.changedFiles(
    event.repository,
    against.base,
    event.sha,
  );
  if (!complete) return everything(`GitHub cannot list all that changed since ${against.name}`);
  return { kind: 'files', files, against: against.name };
}

function everything(because: string): Changes {
  return { kind: 'everything', because };
}

/** The commit of a push. */
type Commit = Pick<LivePush, 'repository' | 'sha'>;

/** Plans one project of a commit once more, which was planned before. Rejects with a `UserError` when there is nothing to run any more. */
export async function planAgain(
  ports: { readonly repositories: Pick<Repositories, 'snapshot' | 'projectFiles'> },
  commit: Commit,
  { key, branch, reason }: { readonly key: RunKey; readonly branch: string; readonly reason: string },
): Promise<PlannedRun> {
  const snapshot = await ports.repositories.snapshot(commit.repository, commit.sha);
  const parsed = snapshot.config === null ? null : parseConfig(snapshot.config.text);
  const project = parsed?.ok ? parsed.config.projects.find(({ name }) => name === key.project) : undefined;
  if (project === undefined) throw nothingAgain(key);
  const files = await readProjectFiles(ports, commit, { selected: [project], snapshot });
  const resolved = resolveProject(project, files.get(project.path) ?? NO_FILES);
  const planned = resolved.ok ? planProject(resolved.project, key, { reason, branch }) : null;
  if (!planned?.runs) throw nothingAgain(key);
  return planned;
}

function nothingAgain({ project, sha }: RunKey): UserError {
  return new UserError(
    'nothing-to-run-again',
    `The commit ${sha.slice(0, 7)} has nothing to run for the project ${project} any more: push again.`,
  );
}

const NO_FILES: ProjectFiles = { entries: [], text: {} };

async function readProjectFiles(
  ports: { readonly repositories: Pick<Repositories, 'projectFiles'> },
  event: Commit,
  { selected, snapshot }: { selected: readonly ProjectConfig[]; snapshot: CommitSnapshot },
): Promise<ReadonlyMap<string, ProjectFiles>> {
  const paths = [...new Set(selected.map(({ path }) => path))].filter((path) => path !== '.');
  const files =
    paths.length === 0 ? [] : await ports.repositories.projectFiles(event.repository, event.sha, paths);
  return new Map([...files, ['.', snapshot.root]]);
}

function planSelected(
  event: LivePush,
  { project, runs, reason }: Selection,
  files: ReadonlyMap<string, ProjectFiles>,
): ProjectPlan | { problems: readonly Problem[] } {
  if (!runs) return { runs: false, name: project.name, reason };
  const resolved = resolveProject(project, files.get(project.path) ?? NO_FILES);
  if (!resolved.ok) return resolved;
  const branch = event.ref.kind === 'branch' ? event.ref.name : '';
  return planProject(resolved.project, keyOfPush(event, project.name), { reason, branch });
}

/** The key of a push's run of one project; '' for what concerns all of them. */
export function keyOfPush(event: LivePush, project: string): RunKey {
  return {
    repositoryId: event.repository.id,
    project,
    sha: event.sha,
    tag: event.ref.kind === 'tag' ? event.ref.name : null,
    purpose: purposeOfPush(event),
    trust: 'trusted',
    base: null,
    attempt: event.attempt ?? 1,
  };
}
