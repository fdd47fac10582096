import type { RunName } from '../../core/pipeline/run.ts';
import { type Candidate, type CandidateRef, refText } from '../../core/plan/candidate.ts';
import type { RepositoryRef } from '../../core/plan/event.ts';
import type { Clock, Engine, Log } from '../ports.ts';
import { CANCELLER, wasGivenUp } from './given-up.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { readWants, wantsAnnotation } from './run-notes.ts';
import { newestAttempt } from './second-attempt.ts';

export interface SupersedePorts {
  readonly engine: Pick<Engine, 'cancel' | 'annotate'>;
  readonly runs: RunIndex;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** What a ref stands for at some time: a commit, or nothing more when `sha` is null. */
export interface RefHead {
  readonly repository: Pick<RepositoryRef, 'id'>;
  readonly ref: CandidateRef;
  readonly before: string | null;
  readonly sha: string | null;
  readonly at: Date;
  /** Of an untrusted commit: it wants no run by the config of another branch. */
  readonly base?: string | null;
  /** The first attempt at the commit that it wants. */
  readonly attempt?: number;
}

/** Cancels verify runs of commits that no branch, pull request or merge queue has as its head any more. */
export interface Superseder {
  /**
   * Which attempt at its commit a candidate is: a commit that comes back after it was superseded, by a forced push, with a branch that is
   * restored or a pull request that is opened again, is tested again, and so is one whose pull request had another base meanwhile, or its
   * check would be that of the other base. The same event twice gives the same number.
   */
  attempt(candidate: Candidate & { readonly at: Date }): number;
  /** Acts on what an event tells of a ref; rejects when a run could not be cancelled, so that the event comes again. */
  moved(head: RefHead): Promise<void>;
  /** Acts on a run that was just told of: what was cut short by a crash is done now. */
  observe(run: KnownRun): void;
}

interface Claim {
  readonly before: string | null;
  readonly sha: string | null;
  readonly at: number;
}

/** What a ref stands for, as it was told last, and which runs of that commit it wants. */
interface Head extends Claim {
  readonly repositoryId: number;
  /** As `refText` writes it. */
  readonly ref: string;
  readonly base: string | null;
  readonly attempt: number;
}

/** Heads are learned from events and from runs; for how long one is remembered that nothing more is heard of. */
const REMEMBERED_MS = 3_600_000;

/**
 * See `Superseder`. Events may come late and in any order, so the time of the push decides which commit is newer. A
 * commit can be the head of several branches, which share its run: it is cancelled when all of them have moved on.
 */
export function createSuperseder(ports: SupersedePorts): Superseder {
  const { runs, clock, log } = ports;
  const heads = new Map<string, Head & { readonly learnedAt: number }>();
  /** Those that we have cancelled and that may not have ended yet. */
  const cancelled = new Set<RunName>();

  /** True when the head moved. */
  function learn(key: string, head: Head): boolean {
    const known = heads.get(key);
    if (known !== undefined && !isNewer(head, known)) return false;
    const now = clock.now().getTime();
    heads.delete(key);
    heads.set(key, { ...head, learnedAt: now });
    for (const [old, { learnedAt }] of heads) {
      if (now - learnedAt < REMEMBERED_MS) break;
      heads.delete(old);
    }
    return known?.sha !== head.sha;
  }

  /** Of the runs that the ref wants, or did. */
  async function cancelUnwanted({ id }: Pick<RepositoryRef, 'id'>, ref: string): Promise<void> {
    for (const run of [...runs.live()]) {
      if (run.notes.repository.id !== id || !(ref in readWants(run))) continue;
      const why = reasonToCancel(run, heads);
      if (why === null) continue;
      log.info({ run: run.name, why }, 'run is not wanted any more');
      // First, so that whoever wants it meanwhile makes another.
      cancelled.add(run.name);
      await ports.engine.cancel(run.name, CANCELLER, why).catch((error: unknown) => {
        cancelled.delete(run.name);
        throw error;
      });
    }
  }

  /** Remembers on the run that a ref has its commit as head; it may have been told of before the run was. */
  async function want(run: KnownRun, { ref, at }: Pick<Head, 'ref' | 'at'>): Promise<void> {
    const wants = readWants(run);
    if (!isWantable(run) || Date.parse(wants[ref] ?? '') >= at) return;
    const annotations = wantsAnnotation({ ...wants, [ref]: new Date(at).toISOString() });
    await ports.engine.annotate(run.name, annotations);
    runs.annotated(run.name, annotations);
  }

  /** A stranger's run that has its verdict gives it to every pull request that shows the commit. */
  function isWantable(run: KnownRun): boolean {
    return (isSupersedable(run) || run.key.trust === 'untrusted') && !isGivenUp(run);
  }

  /** Heads and runs are told of in any order. */
  async function catchUp(run: KnownRun): Promise<void> {
    const { notes, key } = run;
    const { before, sha, asked, attempt } = notes;
    const told = { repositoryId: notes.repository.id, before, sha, base: key.base, attempt };
    const moved = Object.entries(readWants(run)).filter(([ref, time]) => {
      const own = keyOf(notes.repository, ref);
      // Whoever asks for an older commit again says nothing of what is the newest.
      const isMoved = asked === undefined && learn(own, { ...told, ref, at: Date.parse(time) });
      return isMoved || heads.get(own)?.sha !== sha;
    });
    for (const head of [...heads.values()]) if (isWantedBy(run, head)) await want(run, head);
    for (const [ref] of moved) await cancelUnwanted(notes.repository, ref);
  }

  /** Of the run itself, or of the second attempt that stands for it; the engine may not have written it down yet. */
  function isGivenUp(run: KnownRun): boolean {
    const isEnding = [run, newestAttempt(runs, run.name)].some(
      (one) => one !== undefined && isBeingEnded(one),
    );
    return isEnding || wasGivenUp(runs, run);
  }

  function isBeingEnded({ name, status }: KnownRun): boolean {
    if (status.phase === 'done') cancelled.delete(name);
    return cancelled.has(name);
  }

  return {
    attempt({ repository, ref, sha, at, before, purpose, trust, base }) {
      if (purpose === 'publish') return 1;
      const known = heads.get(keyOf(repository, refText(ref)));
      const claim = { before, sha, at: at.getTime() };
      // Told late, of what is past: nobody wants it again.
      if (known !== undefined && known.sha !== sha && !isNewer(claim, known)) return 1;
      const older = runs
        .ofCommit(repository.id, sha)
        .filter((run) => run.key.purpose === 'verify' && !(wantedAt(run, ref) >= at.getTime()));
      const isOf = ({ key }: KnownRun) => key.trust === trust && key.base === base;
      const elsewhere = older
        .filter((run) => trust === 'untrusted' && !isOf(run))
        .map((run) => wantedAt(run, ref));
      const isLeft = (run: KnownRun) => elsewhere.some((other) => other > wantedAt(run, ref));
      const past = older.filter((run) => isOf(run) && (isGivenUp(run) || isLeft(run)));
      const givenUp = new Set(past.map(({ notes }) => notes.attempt));
      let attempt = 1;
      while (givenUp.has(attempt)) attempt += 1;
      return attempt;
    },
    async moved({ repository, ref, before, sha, at, base = null, attempt = 1 }) {
      const told = { repositoryId: repository.id, ref: refText(ref), before, sha, base, attempt };
      const head = { ...told, at: at.getTime() };
      learn(keyOf(repository, head.ref), head);
      for (const run of sha === null ? [] : runs.ofCommit(repository.id, sha)) {
        if (isWantedBy(run, head)) await want(run, head);
      }
      await cancelUnwanted(repository, head.ref);
    },
    observe(run) {
      if (!isSupersedable(run)) return;
      catchUp(run).catch((error: unknown) => {
        log.warn({ err: error, run: run.name }, 'a run was not brought up to what is wanted');
      });
    },
  };
}

/** Since when a ref wants a run; not a number when it does not. */
function wantedAt(run: KnownRun, ref: CandidateRef): number {
  return Date.parse(readWants(run)[refText(ref)] ?? '');
}

/** Publish runs never are. */
function isSupersedable({ status, notes }: KnownRun): boolean {
  return status.phase !== 'done' && notes.purpose === 'verify';
}

/** Null while a ref still wants it. */
function reasonToCancel(run: KnownRun, heads: ReadonlyMap<string, Head>): string | null {
  const wants = Object.entries(readWants(run));
  if (!isSupersedable(run) || wants.length === 0) return null;
  // Of some it is not written down yet.
  if ([...heads.values()].some((head) => isWantedBy(run, head))) return null;
  let reason: string | null = null;
  for (const [ref, at] of wants) {
    const head = heads.get(keyOf(run.notes.repository, ref));
    const own = { before: run.notes.before, sha: run.notes.sha, at: Date.parse(at) };
    if (head === undefined || head.sha === run.notes.sha || !isNewer(head, own)) return null;
    reason =
      head.sha === null
        ? endOf(ref)
        : `superseded by ${head.sha.slice(0, 7)}, a newer commit on ${titleOf(ref)}`;
  }
  return reason;
}

/** Whoever has write access speaks for everybody; a stranger's run is of one base, and of one time. */
function isWantedBy({ notes, key }: KnownRun, { repositoryId, sha, base, attempt }: Head): boolean {
  if (notes.repository.id !== repositoryId || notes.sha !== sha) return false;
  return key.trust === 'trusted' || (key.base === base && notes.attempt >= attempt);
}

function endOf(ref: string): string {
  if (ref.startsWith('pull/')) return `the pull request ${titleOf(ref)} was closed`;
  return ref.startsWith('queue/')
    ? 'the merge queue does not want it any more'
    : `the branch ${titleOf(ref)} was deleted`;
}

/** `main` of `branch/main`, `#12` of `pull/12`. */
function titleOf(ref: string): string {
  const name = ref.slice(ref.indexOf('/') + 1);
  return ref.startsWith('pull/') ? `#${name}` : name;
}

/** Times are of whole seconds: within one, a push is older than the push that began where it ended. */
function isNewer(one: Claim, other: Claim): boolean {
  if (one.at !== other.at) return one.at > other.at;
  return other.before === null || other.before !== one.sha;
}

/** `ref` as `refText` writes it. */
function keyOf({ id }: Pick<RepositoryRef, 'id'>, ref: string): string {
  return `${id}/${ref}`;
}
