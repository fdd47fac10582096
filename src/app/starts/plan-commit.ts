import type { Config, ProjectConfig } from '../../core/config/config.ts';
import { parseConfig } from '../../core/config/parse-config.ts';
import type { Problem } from '../../core/config/problem.ts';
import { resolveProject } from '../../core/config/resolve-project.ts';
import type { ProjectFiles } from '../../core/config/resolved-project.ts';
import { branchOf, type Candidate, candidateKey } from '../../core/plan/candidate.ts';
import { checkName } from '../../core/plan/check-name.ts';
import { type ConfigChoice, chooseConfig } from '../../core/plan/choose-config.ts';
import type { CommitPlan } from '../../core/plan/commit-plan.ts';
import { notGreen } from '../../core/plan/not-green.ts';
import type { ProjectPlan } from '../../core/plan/plan.ts';
import { planProject } from '../../core/plan/plan-project.ts';
import { type Changes, type Selection, selectProjects } from '../../core/plan/select-projects.ts';
import { sensitiveNotice } from '../../core/plan/sensitive-files.ts';
import { skipMark } from '../../core/plan/skip-mark.ts';
import type { Checks, CommitSnapshot, ExistingCheck, Repositories } from '../github-ports.ts';

export interface PlanPorts {
  readonly repositories: Pick<Repositories, 'snapshot' | 'projectFiles' | 'changedFiles'>;
  readonly checks: Pick<Checks, 'list'>;
}

interface ProjectPorts {
  readonly repositories: Pick<Repositories, 'snapshot' | 'projectFiles'>;
}

/** Reads what the decision needs, one request for a repository that is one project, and decides. */
export async function planCommit(ports: PlanPorts, candidate: Candidate): Promise<CommitPlan> {
  const { snapshot, choice } = await readConfigs(ports, candidate);
  if (choice.kind !== 'config') return choice;
  const parsed = parseConfig(choice.text);
  if (!parsed.ok) return { kind: 'invalid', problems: parsed.problems, elsewhere: candidate.base };
  const { config } = parsed;
  const mark = candidate.filtered && candidate.trust === 'trusted' ? skipMark(snapshot.message) : null;
  if (mark !== null) return { kind: 'skipped', reason: `the commit's message says ${mark}` };
  const changes = await changesNeeded(ports, candidate, config);
  if (changes !== null && !candidate.approved) return { kind: 'waiting', changes, config };
  const selection = await select(ports, candidate, { config, changes });
  const notices = changes === null || candidate.ref.kind !== 'pull' ? [] : sensitiveNotice(changes, config);
  return planSelection(ports, candidate, { ...choice, config, snapshot, selection, notices });
}

/** What a commit changes since the default branch, where that decides anything; null elsewhere. */
async function changesNeeded(
  ports: PlanPorts,
  candidate: Candidate,
  config: Config,
): Promise<Changes | null> {
  const { ref, purpose, filtered, reviewed = false } = candidate;
  const isChosenBy = config.monorepo && filtered && purpose === 'verify' && ref.kind !== 'queue';
  if ((ref.kind !== 'pull' || reviewed) && !isChosenBy) return null;
  const { defaultBranch } = candidate.repository;
  return readChanges(ports, candidate, { base: defaultBranch, name: defaultBranch });
}

/** Plans some projects of a candidate whatever changed, by their names. */
export async function planProjects(
  ports: ProjectPorts,
  candidate: Candidate,
  { names, reason }: { readonly names: readonly string[]; readonly reason: string },
): Promise<CommitPlan> {
  const { snapshot, choice } = await readConfigs(ports, candidate);
  if (choice.kind !== 'config') return choice;
  const parsed = parseConfig(choice.text);
  if (!parsed.ok) return { kind: 'invalid', problems: parsed.problems, elsewhere: candidate.base };
  const selection = parsed.config.projects
    .filter(({ name }) => names.includes(name))
    .map((project) => ({ project, runs: true, reason }));
  return planSelection(ports, candidate, {
    ...choice,
    config: parsed.config,
    snapshot,
    selection,
    notices: [],
  });
}

async function readConfigs(
  { repositories }: ProjectPorts,
  candidate: Candidate,
): Promise<{ readonly snapshot: CommitSnapshot; readonly choice: ConfigChoice }> {
  const { repository, sha, base } = candidate;
  const branches = [...new Set([repository.defaultBranch, base ?? repository.defaultBranch])];
  const snapshot = await repositories.snapshot(repository, sha, branches);
  return { snapshot, choice: chooseConfig(candidate, snapshot) };
}

interface Selected {
  readonly config: Config;
  readonly snapshot: CommitSnapshot;
  readonly rules: Config | null;
  readonly selection: readonly Selection[];
  /** Further decisions, of every project. */
  readonly notices: readonly string[];
}

async function planSelection(
  ports: ProjectPorts,
  candidate: Candidate,
  { config, snapshot, rules, selection, notices }: Selected,
): Promise<CommitPlan> {
  const selected = selection.filter(({ runs }) => runs).map(({ project }) => project);
  const files = await readProjectFiles(ports, candidate, { selected, snapshot });
  const planned = selection.map((choice) => planSelected(candidate, choice, { files, rules }));
  const problems = planned.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) return { kind: 'invalid', problems, elsewhere: candidate.base };
  const projects = planned.flatMap((result) => ('problems' in result ? [] : [withNotices(result, notices)]));
  const first = projects[0];
  if (!config.monorepo && first?.runs === false) return { kind: 'skipped', reason: first.reason };
  const title = snapshot.message.split('\n')[0] ?? '';
  return { kind: 'runs', plan: { gated: config.monorepo, projects }, title };
}

function withNotices(project: ProjectPlan, notices: readonly string[]): ProjectPlan {
  return project.runs ? { ...project, decisions: [...project.decisions, ...notices] } : project;
}

async function select(
  ports: PlanPorts,
  candidate: Candidate,
  { config, changes }: { readonly config: Config; readonly changes: Changes | null },
): Promise<Selection[]> {
  const { ref, purpose, filtered } = candidate;
  const all = (because: string) => selectProjects(config.projects, everything(because));
  if (ref.kind === 'queue') return all('a merge queue tests everything');
  if (!filtered) return all('it was asked for');
  if (!config.monorepo) return all('every push tests the repository');
  if (ref.kind === 'tag') return all('a tag concerns every project');
  if (purpose === 'publish') return selectOnDefaultBranch(ports, candidate, config);
  return selectProjects(config.projects, changes ?? everything('nobody says what changed'));
}

async function selectOnDefaultBranch(
  ports: PlanPorts,
  candidate: Candidate,
  config: Config,
): Promise<Selection[]> {
  const { before, repository, forced } = candidate;
  if (before === null) return selectProjects(config.projects, everything('the branch is new'));
  if (forced) return selectProjects(config.projects, everything('the push was forced'));
  const [changes, earlier] = await Promise.all([
    readChanges(ports, candidate, { base: before, name: before.slice(0, 7) }),
    ports.checks.list(repository, before),
  ]);
  const names = new Map(config.projects.map(({ name }) => [checkName({ project: name }), name]));
  const red = notGreen(earlier, checkName({}), [...names.keys()]);
  if (red === null || (await wasSkipped(ports, candidate, earlier))) {
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
  { repository, before }: Candidate,
  earlier: readonly ExistingCheck[],
): Promise<boolean> {
  const isSkippedGate = (check: ExistingCheck) =>
    check.name === checkName({}) && check.conclusion === 'skipped';
  if (before === null || !earlier.some(isSkippedGate)) return false;
  const { message } = await repositories.snapshot(repository, before, []);
  return skipMark(message) !== null;
}

async function readChanges(
  ports: PlanPorts,
  { repository, sha }: Candidate,
  against: { base: string; name: string },
): Promise<Changes> {
  const { files, complete } = await ports.repositories.changedFiles(repository, against.base, sha);
  if (!complete) return everything(`GitHub cannot list all that changed since ${against.name}`);
  return { kind: 'files', files, against: against.name };
}

function everything(because: string): Changes {
  return { kind: 'everything', because };
}

const NO_FILES: ProjectFiles = { entries: [], text: {} };

async function readProjectFiles(
  ports: ProjectPorts,
  { repository, sha }: Candidate,
  { selected, snapshot }: { selected: readonly ProjectConfig[]; snapshot: CommitSnapshot },
): Promise<ReadonlyMap<string, ProjectFiles>> {
  const paths = [...new Set(selected.map(({ path }) => path))].filter((path) => path !== '.');
  const files = paths.length === 0 ? [] : await ports.repositories.projectFiles(repository, sha, paths);
  return new Map([...files, ['.', snapshot.root]]);
}

function planSelected(
  candidate: Candidate,
  { project, runs, reason }: Selection,
  { files, rules }: { readonly files: ReadonlyMap<string, ProjectFiles>; readonly rules: Config | null },
): ProjectPlan | { problems: readonly Problem[] } {
  if (!runs) return { runs: false, name: project.name, reason };
  const resolved = resolveProject(project, files.get(project.path) ?? NO_FILES);
  if (!resolved.ok) return resolved;
  return planProject(resolved.project, candidateKey(candidate, project.name), {
    reason,
    branch: branchOf(candidate.ref),
    rules: rules?.projects.find(({ name }) => name === project.name)?.deploy ?? [],
  });
}
