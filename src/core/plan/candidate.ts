import type {
  MergeGroupEvent,
  PullRequestEvent,
  PullRequestHead,
  PushEvent,
  RepositoryRef,
} from './event.ts';
import type { Purpose, RunKey, Trust } from './run-key.ts';

/**
 * A commit that an event asks us to run. A push, its pull request and a later re-run of one commit lead to candidates with the same
 * key, and so share its runs.
 */
export interface Candidate {
  readonly deliveryId: string;
  readonly repository: RepositoryRef;
  readonly sha: string;
  readonly ref: CandidateRef;
  readonly purpose: Purpose;
  readonly trust: Trust;
  /** The branch that the config of an untrusted commit is read from; null for trusted ones. */
  readonly base: string | null;
  /** 1 for the first run of a commit, +1 for each re-run. */
  readonly attempt: number;
  /** The ref's commit before this one; null when there was none, or nobody told. */
  readonly before: string | null;
  readonly forced: boolean;
  /** When it became the ref's commit, to the second; absent when nobody told. */
  readonly at?: Date;
  /** False where neither paths nor marks in the message may leave anything out: merge queues and re-runs. */
  readonly filtered: boolean;
  /** Somebody merges by its check: without a config the check fails instead of being absent. */
  readonly gated: boolean;
  /** Whether it may run without anybody's consent. */
  readonly approved: boolean;
  /** Whether somebody has looked at what it changes, and need not be told again. */
  readonly reviewed?: boolean;
  /** Account id of who opened its pull request; null without one. */
  readonly author: number | null;
}

/** Where a candidate is the newest commit. The name of a `pull` is its number; that of a `queue` is `queueRef`'s. */
export interface CandidateRef {
  readonly kind: 'branch' | 'tag' | 'pull' | 'queue';
  readonly name: string;
}

/** `branch/main`, `pull/12`: different for different refs. */
export function refText({ kind, name }: CandidateRef): string {
  return `${kind}/${name}`;
}

export type Ignored = { readonly ignored: string };

/** Branches of merge queues: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue */
const MERGE_QUEUE = 'gh-readonly-queue/';

/** Logins in lower case, whose commits run untrusted and without approval. */
type Bots = readonly string[];

/** The commit of a push, or why it needs no look at the repository at all. */
export function pushCandidate(event: PushEvent, bots: Bots): Candidate | Ignored {
  const { ref, sha, repository, sender, pushedAt, before, forced } = event;
  if (sha === null) return { ignored: `the ${ref.kind} was deleted` };
  if (ref.kind === 'branch' && ref.name.startsWith(MERGE_QUEUE)) {
    return { ignored: "a merge queue's branch: its merge_group event is acted on instead" };
  }
  const purpose = ref.kind === 'tag' || ref.name === repository.defaultBranch ? 'publish' : 'verify';
  // Whoever can push to the default branch, or a tag, was let in by the repository's own rules.
  const untrusted = purpose === 'verify' && isBot(sender, bots);
  return {
    ...candidateOf(event, { ref, sha, purpose }),
    ...(untrusted && { trust: 'untrusted', base: repository.defaultBranch }),
    before,
    forced,
    ...(pushedAt && { at: pushedAt }),
  };
}

/**
 * The head of a pull request that is open. `isWriter`: whether its sender has write access. A branch of the repository itself gives the
 * very candidate of its push.
 */
export function pullRequestCandidate(
  event: PullRequestEvent,
  { bots, isWriter }: { readonly bots: Bots; readonly isWriter: boolean },
): Candidate | Ignored {
  const { head, base, repository, before, at, author, sender } = event;
  if (event.action === 'closed') return { ignored: 'the pull request was closed' };
  if (!isFork(event) && head.branch === repository.defaultBranch) {
    return { ignored: `its branch is ${head.branch}: the push to it is acted on instead` };
  }
  // Whose commit it is, a new one's sender tells; later its author does, as far as anybody can tell.
  const isBots = isBot(sender, bots) || (event.action !== 'synchronize' && isBot(author, bots));
  const candidate = pullCandidate({ ...event, ...head, base, author }, { about: event, isBots });
  const approved = !isFork(event) || ((isBot(sender, bots) || isWriter) && isOwnWork(event));
  return { ...candidate, before, at, approved };
}

/** A pull request that is open, and its head. */
export type OpenPull = Pick<PullRequestEvent, 'number' | 'base' | 'author'> & PullRequestHead;

/** The head of a pull request, approved. `isBots`: whether a bot pushed it. */
export function pullCandidate(
  { number, sha, base, author, branch, repositoryId }: OpenPull,
  {
    about,
    isBots,
  }: { readonly about: Pick<Candidate, 'deliveryId' | 'repository'>; readonly isBots: boolean },
): Candidate {
  const isOwn = repositoryId === about.repository.id;
  const ref = isOwn
    ? ({ kind: 'branch', name: branch } as const)
    : ({ kind: 'pull', name: String(number) } as const);
  const common = candidateOf(about, { ref, sha, purpose: 'verify' });
  // A bot's push, which shares the run, knows of no pull request.
  const config = isOwn ? about.repository.defaultBranch : base;
  const isTrusted = isOwn && !isBots;
  return {
    ...common,
    ...(!isTrusted && { trust: 'untrusted', base: config }),
    gated: true,
    author: author.id,
  };
}

/** The commit that a merge queue asks about. */
export function mergeGroupCandidate(event: MergeGroupEvent): Candidate | Ignored {
  if (event.action === 'destroyed') return { ignored: 'the merge queue is done with it' };
  const ref = queueRef(event);
  return {
    ...candidateOf(event, { ref, sha: event.sha, purpose: 'verify' }),
    gated: true,
    filtered: false,
  };
}

/** A merge queue makes a commit for each branch of its own, and may use the branch's name again. */
export function queueRef({ branch, sha }: Pick<MergeGroupEvent, 'branch' | 'sha'>): CandidateRef {
  return { kind: 'queue', name: `${branch}@${sha}` };
}

/** The branch that a ref is, or ''. */
export function branchOf({ kind, name }: CandidateRef): string {
  if (kind === 'queue') return name.slice(0, name.lastIndexOf('@'));
  return kind === 'branch' ? name : '';
}

/** A pull request whose branch is in another repository, or in none any more. */
export function isFork({ head, repository }: Pick<PullRequestEvent, 'head' | 'repository'>): boolean {
  return head.repositoryId !== repository.id;
}

/** Who edits, or opens anew, what another one wrote has not approved it by that. */
function isOwnWork({ action, sender, author }: PullRequestEvent): boolean {
  return action === 'opened' || action === 'synchronize' || sender.id === author.id;
}

/** Whether somebody's commits run untrusted and without approval. */
export function isBot({ login }: { readonly login: string }, bots: Bots): boolean {
  return bots.includes(login.toLowerCase());
}

function candidateOf(
  { deliveryId, repository }: Pick<Candidate, 'deliveryId' | 'repository'>,
  what: Pick<Candidate, 'ref' | 'sha' | 'purpose'>,
): Candidate {
  return {
    deliveryId,
    repository,
    ...what,
    trust: 'trusted',
    base: null,
    attempt: 1,
    before: null,
    forced: false,
    filtered: true,
    gated: false,
    approved: true,
    author: null,
  };
}

/** The key of the candidate's run of one project; '' for what concerns all of them. */
export function candidateKey(candidate: Candidate, project: string): RunKey {
  const { repository, sha, ref, purpose, trust, base, attempt } = candidate;
  return {
    repositoryId: repository.id,
    project,
    sha,
    tag: ref.kind === 'tag' ? ref.name : null,
    purpose,
    trust,
    base,
    attempt,
  };
}
