import { accountJson } from './account-json.ts';
import { headCommitJson, suiteJson } from './check-json.ts';
import { allows } from './credentials.ts';
import type { Delivery } from './deliveries.ts';
import { example } from './examples.ts';
import type { Commit } from './git-objects.ts';
import type { CommitFiles } from './git-output.ts';
import { ZERO_SHA } from './git-repository.ts';
import { announce, type Parts } from './parts.ts';
import { repositoryJson } from './repository-json.ts';
import {
  type Account,
  fullName,
  type Json,
  nodeId,
  type Repository,
  timestamp,
  type World,
} from './world.ts';

/** GitHub lists no more commits than this in one push. */
const MAX_COMMITS = 2048;

export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Tells the apps of a ref that has moved, as GitHub does: `push`, and `check_suite` for a branch's new head.
 * Resolves once the events are on their way, to the `push` deliveries.
 */
export async function announcePush(
  parts: Parts,
  repository: Repository,
  change: RefChange,
  sender: Account,
): Promise<{ delivered: Promise<(Delivery | null)[]> }> {
  const { world } = parts;
  repository.pushedAt = world.now();
  const head = change.after === ZERO_SHA ? null : await repository.git.commit(change.after);
  const payload = await pushPayload(world, { repository, change, head, sender });
  const sent = announce(parts, repository, 'push', ({ id }) => ({
    ...payload,
    installation: installation(id),
  }));
  const branch = branchOf(change.ref);
  if (head !== null && branch !== null) {
    requestSuites(parts, { repository, head, branch, before: change.before, sender });
  }
  return { delivered: Promise.all(sent) };
}

interface Pushed {
  readonly repository: Repository;
  readonly change: RefChange;
  readonly head: Commit | null;
  readonly sender: Account;
}

async function pushPayload(world: World, { repository, change, head, sender }: Pushed): Promise<Json> {
  const { ref, before, after } = change;
  const created = before === ZERO_SHA;
  const deleted = after === ZERO_SHA;
  const web = `${world.url}/${fullName(repository)}`;
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  const others = [...(await repository.git.refs('refs/heads'))].filter(([name]) => name !== ref);
  const touched = branchOf(ref) === null || head === null ? [] : await commitsOf(repository, change, others);
  const commits = await Promise.all(touched.map((files) => commitJson(repository, files, web, sender)));
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  return {
    ...example('push'),
    ref,
    before,
    after,
    created,
    deleted,
    forced: !created && !deleted && (await repository.git.revisions([before], [after], 1)).length > 0,
    base_ref: created ? (others.find(([, sha]) => sha === after)?.[0] ?? null) : null,
    compare:
      created || deleted
        ? `${web}/compare/${short}`
        : `${web}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: head && (await headOf(repository, head, commits, web, sender)),
    repository: {
      ...repositoryJson(world, repository),
      // In this payload alone the owner has a name, and two times are seconds.
      owner: { name: repository.owner.login, email: null, ...accountJson(world, repository.owner) },
      url: web,
      created_at: seconds(repository.createdAt),
      pushed_at: seconds(repository.pushedAt),
      stargazers: 0,
      master_branch: repository.defaultBranch,
    },
    pusher: { name: sender.login, email: `${sender.login}@example.com` },
    sender: accountJson(world, sender),
  };
}

/** The commits that the push brought: for a new branch those that no other branch has. */
async function commitsOf(
  { git }: Repository,
  { before, after }: RefChange,
  others: readonly (readonly [string, string])[],
): Promise<CommitFiles[]> {
  const exclude = before === ZERO_SHA ? others.map(([, sha]) => sha) : [before];
  return await git.log(after, exclude, MAX_COMMITS);
}

async function headOf(
  repository: Repository,
  head: Commit,
  commits: readonly Json[],
  web: string,
  sender: Account,
) {
  const listed = commits.find(({ id }) => id === head.oid);
  if (listed !== undefined) return listed;
  const [files] = await repository.git.log(head.oid, [...head.parents], 1);
  return await commitJson(
    repository,
    files ?? { oid: head.oid, added: [], removed: [], modified: [] },
    web,
    sender,
  );
}

async function commitJson(
  { git }: Repository,
  files: CommitFiles,
  web: string,
  sender: Account,
): Promise<Json> {
  const commit = await git.commit(files.oid);
  if (commit === null) throw new Error(`there is no commit ${files.oid}`);
  return {
    ...headCommitJson(commit),
    distinct: true,
    url: `${web}/commit/${commit.oid}`,
    author: { ...person(commit), username: sender.login },
    committer: { ...person(commit), username: sender.login },
    timestamp: timestamp(commit.committer.date),
    added: files.added,
    removed: files.removed,
    modified: files.modified,
  };
}

function person({ author }: Commit): Json {
  return { name: author.name, email: author.email };
}

interface NewHead {
  readonly repository: Repository;
  readonly head: Commit;
  readonly branch: string;
  readonly before: string;
  readonly sender: Account;
}

/** Every push makes a suite for each app that may write checks, and asks the app to fill it. */
function requestSuites(parts: Parts, { repository, head, branch, before, sender }: NewHead): void {
  const { world, checks } = parts;
  announce(
    parts,
    repository,
    'check_suite',
    ({ id, app }) => {
      const suite = checks.suite(repository, app, { headSha: head.oid, headBranch: branch, before });
      return {
        ...example('check_suite', ({ action }) => action === 'requested'),
        action: 'requested',
        check_suite: suiteJson(world, checks, suite, head),
        repository: repositoryJson(world, repository),
        sender: accountJson(world, sender),
        installation: installation(id),
      };
    },
    ({ permissions }) => allows(permissions, 'checks', 'write'),
  );
}

function installation(id: number): Json {
  return { id, node_id: nodeId('IntegrationInstallation', id) };
}

function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}
