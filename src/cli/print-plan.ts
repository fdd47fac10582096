import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { planCommit } from '../app/starts/plan-commit.ts';
import {
  type Candidate,
  type Ignored,
  mergeGroupCandidate,
  pullRequestCandidate,
  pushCandidate,
} from '../core/plan/candidate.ts';
import { checkName } from '../core/plan/check-name.ts';
import { type CommitPlan, type Decisions, decisionsOf } from '../core/plan/commit-plan.ts';
import type { GitHubEvent, RepositoryRef } from '../core/plan/event.ts';
import { DEFAULT_SETTINGS } from '../core/settings/default-settings.ts';
import { createCloneRepositories } from './clone-repositories.ts';
import { line, optional } from './git-answers.ts';
import type { Channel } from './output.ts';
import type { Cli } from './ports.ts';
import { repositoryNames } from './repository-names.ts';
import { UsageError } from './usage-error.ts';
import { findWorkingTree, type GitRepository } from './working-tree.ts';

export interface PlanOptions {
  readonly event?: string;
  readonly push?: string;
  readonly branch?: string;
  readonly defaultBranch?: string;
}

/** Prints the plan of an event. Returns the exit code. */
export async function printPlan(cli: Cli, options: PlanOptions): Promise<number> {
  const tree = await findWorkingTree(cli.directory, cli.environment);
  const { repository } = tree;
  if (repository === null)
    throw new UsageError('no-repository', 'a plan is made of commits: run this in a Git repository.');
  const names = await repositoryNames(tree);
  const defaultBranch = options.defaultBranch ?? names.defaultBranch;
  const event =
    options.event === undefined
      ? await pushOf(repository, { ...names, defaultBranch }, options)
      : await readPayload(cli, options.event);
  const candidate = candidateOf(event);
  const { out } = cli.output;
  if ('ignored' in candidate) {
    out.write(`nothing: ${candidate.ignored}\n`);
    return 0;
  }
  out.write(`${headline(candidate)}\n`);
  const ports = {
    repositories: createCloneRepositories(repository.git),
    checks: { list: async () => [GREEN_GATE] },
  };
  const planned = await planCommit(ports, candidate);
  printDecisions(decisionsOf(planned), out);
  if (isByChecks(candidate, planned)) out.write(`\n${NOT_GREEN}\n`);
  return planned.kind === 'invalid' || planned.kind === 'unconfigured' ? 1 : 0;
}

/** What only GitHub knows is taken as if all was well, and said so. */
const GREEN_GATE = { id: 1, name: checkName({}), externalId: '', status: 'completed', conclusion: 'success' };
const NOT_GREEN = 'A project that was not green on the commit before runs too: only GitHub knows which were.';

function isByChecks({ purpose, ref, before }: Candidate, planned: CommitPlan): boolean {
  return (
    planned.kind === 'runs' &&
    planned.plan.gated &&
    purpose === 'publish' &&
    ref.kind === 'branch' &&
    before !== null
  );
}

function candidateOf(event: GitHubEvent): Candidate | Ignored {
  const { bots } = DEFAULT_SETTINGS;
  switch (event.kind) {
    case 'push':
      return pushCandidate(event, bots);
    case 'pull_request':
      return pullRequestCandidate(event, { bots, isWriter: false });
    case 'merge_group':
      return mergeGroupCandidate(event);
    case 'ignored':
      return { ignored: event.reason };
    default:
      return { ignored: `a ${event.kind} asks for runs again that only the server knows` };
  }
}

async function readPayload(cli: Cli, file: string): Promise<GitHubEvent> {
  const content = file === '-' ? await text(cli.stdin) : await readFile(file, 'utf8').catch(unreadable(file));
  const payload = parseObject(content);
  if (payload === null) {
    throw new UsageError(
      'payload-unreadable',
      `${file} is no JSON object: save the payload as GitHub shows it.`,
    );
  }
  return cli.readEvent(eventName(payload), payload);
}

function parseObject(content: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(content);
    // An object of JSON has string keys and unknown values.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** GitHub says the name in a header, which the payload alone does not have; each has a field that no other event of ours has. */
function eventName(payload: Readonly<Record<string, unknown>>): string {
  const names = ['pull_request', 'merge_group', 'check_run', 'check_suite'];
  const found = names.find((name) => name in payload);
  if (found !== undefined) return found;
  return 'comment' in payload ? 'issue_comment' : 'push';
}

function unreadable(file: string) {
  return (error: unknown): never => {
    throw new UsageError('file-missing', `${file} cannot be read.`, { cause: error });
  };
}

async function pushOf(
  { git, branch }: GitRepository,
  names: Pick<RepositoryRef, 'owner' | 'name' | 'defaultBranch' | 'cloneUrl'>,
  options: PlanOptions,
): Promise<GitHubEvent> {
  const [base = '', head = ''] = (options.push ?? 'HEAD^..HEAD').split('..');
  const commit = (name: string) => optional(git('rev-parse', '--verify', '--quiet', `${name}^{commit}`));
  const sha = await commit(head);
  if (sha === null)
    throw new UsageError('commit-unknown', `there is no commit ${head}: --push takes BASE..HEAD.`);
  return {
    kind: 'push',
    deliveryId: 'plan',
    repository: { ...names, installationId: 0, id: 0, htmlUrl: names.cloneUrl.replace(/\.git$/, '') },
    ref: { kind: 'branch', name: options.branch ?? branch ?? names.defaultBranch },
    before: await commit(base),
    sha,
    forced: false,
    message: await line(git('log', '-1', '--format=%B', sha)),
    sender: { id: 0, login: '', bot: false },
  };
}

function headline({ sha, ref, purpose, trust }: Candidate): string {
  return `${sha.slice(0, 7)} on ${ref.kind} ${ref.name}: ${purpose}, ${trust}`;
}

function printDecisions(found: readonly Decisions[], out: Channel): void {
  for (const { project, decisions } of found) {
    if (project !== null) out.write(`\n${out.paint('bold', project)}\n`);
    for (const decision of decisions) out.write(`  ${decision}\n`);
  }
}
