import { accountJson } from './account-json.ts';
import { headCommitJson, suiteJson } from './check-json.ts';
import { allows } from './credentials.ts';
import type { Delivery } from './deliveries.ts';
import { shareObjects } from './forks.ts';
import type { Commit } from './git-objects.ts';
import type { CommitFiles } from './git-output.ts';
import { ZERO_SHA } from './git-repository.ts';
import { announce, type Parts } from './parts.ts';
import { announceHeadMoved } from './pulls.ts';
import { repositoryJson } from './repository-json.ts';
import { type Account, fullName, type Json, type Repository, type World } from './world.ts';

/** GitHub lists no more commits than this in one push. */
const MAX_COMMITS = 2048;

export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

export interface Push {
  readonly repository: Repository;
  readonly change: RefChange;
  readonly sender: Account;
}

/**
 * Tells the apps of a ref that has moved, as GitHub does: `push`, `check_suite` for a branch's new head, and `pull_request` for those
 * that it is the head of.
 * Resolves once the events are on their way, to the `push` deliveries.
 */
export async function announcePush(
  parts: Parts,
  { repository, change, sender }: Push,
): Promise<{ delivered: Promise<(Delivery | null)[]> }> {
  const { world } = parts;
  repository.pushedAt = world.now();
  const head = change.after === ZERO_SHA ? null : await repository.git.commit(change.after);
  const fields = await pushFields(world, { repository, change, sender }, head);
  const sent = announce(parts, { event: 'push', repository, sender, fields: () => fields });
  const branch = branchOf(change.ref);
  if (head !== null && branch !== null) {
    requestSuites(parts, { repository, head, branch, before: change.before, sender });
  }
  await shareObjects(repository);
  await announceHeadMoved(parts, { repository, change, sender });
  return { delivered: Promise.all(sent) };
}

async function pushFields(world: World, push: Push, head: Commit | null): Promise<Json> {
  const { repository, change, sender } = push;
  const { ref, before, after } = change;
  const created = before === ZERO_SHA;
  const deleted = after === ZERO_SHA;
  const web = `${world.url}/${fullName(repository)}`;
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  const others = [...(await repository.git.refs('refs/heads'))].filter(([name]) => name !== ref);
  const touched = branchOf(ref) === null || head === null ? [] : await commitsOf(repository, change, others);
  const commits = await Promise.all(touched.map((files) => commitJson(world, push, files)));
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  return {
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
    head_commit: head && (commits.find(({ id }) => id === head.oid) ?? (await headJson(world, push, head))),
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
    pusher: { name: sender.login, email: `${sender.login.replace(/\W/g, '-')}@example.com` },
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

/** A head that the push did not bring, with the files it touched. */
async function headJson(world: World, push: Push, head: Commit): Promise<Json> {
  const [files] = await push.repository.git.log(head.oid, head.parents, 1);
  return await commitJson(world, push, files ?? { oid: head.oid, added: [], removed: [], modified: [] });
}

async function commitJson(world: World, { repository, sender }: Push, files: CommitFiles): Promise<Json> {
  const commit = await repository.git.commit(files.oid);
  if (commit === null) throw new Error(`there is no commit ${files.oid}`);
  return {
    ...headCommitJson(commit),
    distinct: true,
    url: `${world.url}/${fullName(repository)}/commit/${commit.oid}`,
    author: { ...person(commit), username: sender.login },
    committer: { ...person(commit), username: sender.login },
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
  const { checks } = parts;
  announce(parts, {
    event: 'check_suite',
    action: 'requested',
    repository,
    sender,
    to: ({ permissions }) => allows(permissions, 'checks', 'write'),
    fields: ({ app }) => {
      const suite = checks.suite(repository, app, { headSha: head.oid, headBranch: branch, before });
      return { check_suite: suiteJson(parts, suite, head) };
    },
  });
}

function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}
