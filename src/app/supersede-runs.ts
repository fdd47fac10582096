import type { RunName } from '../core/pipeline/run.ts';
import type { RepositoryRef } from '../core/plan/event.ts';
import type { Clock, Engine, Log } from './ports.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { readCanceller, readWants, wantsAnnotation } from './run-notes.ts';
import { newestAttempt } from './second-attempt.ts';

export interface SupersedePorts {
  readonly engine: Pick<Engine, 'cancel' | 'annotate'>;
  readonly runs: RunIndex;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** A branch that was pushed, or deleted when `sha` is null. */
export interface BranchPush {
  readonly repository: Pick<RepositoryRef, 'id' | 'defaultBranch'>;
  readonly branch: string;
  readonly before: string | null;
  readonly sha: string | null;
  readonly at: Date;
}

/** Cancels verify runs of commits that no branch has as its head any more. */
export interface Superseder {
  /**
   * Which attempt at its commit a push asks for: a commit that comes back after it was superseded, by a forced push or
   * with a branch that is restored, is tested again. The same push twice gives the same number.
   */
  attempt(push: BranchPush): number;
  /** Acts on a push; rejects when a run could not be cancelled, so that the event comes again. */
  pushed(push: BranchPush): Promise<void>;
  /** Acts on a run that was just told of: what was cut short by a crash is done now. */
  observe(run: KnownRun): void;
}

interface Head {
  readonly before: string | null;
  readonly sha: string | null;
  readonly at: number;
}

/** Who cancels, in words and for us. */
const BY = 'tekton-ci';

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

  async function cancelUnwanted(key: string): Promise<void> {
    for (const run of [...runs.live()]) {
      const branches = Object.keys(readWants(run));
      if (!branches.some((branch) => keyOf(run.notes.repository, branch) === key)) continue;
      const why = reasonToCancel(run, heads);
      if (why === null) continue;
      log.info({ run: run.name, why }, 'run is not wanted any more');
      await ports.engine.cancel(run.name, BY, why);
      cancelled.add(run.name);
    }
  }

  function isGivenUp(run: KnownRun): boolean {
    if (run.status.phase !== 'done') return cancelled.has(run.name) || readCanceller(run) === BY;
    cancelled.delete(run.name);
    const { cause } = run.status;
    return cause?.kind === 'cancelled' && cause.by === BY;
  }

  /** The run itself, or the second attempt that stands for it. */
  function wasGivenUp(run: KnownRun): boolean {
    const newest = newestAttempt(runs, run.name);
    return isGivenUp(run) || (newest !== undefined && isGivenUp(newest));
  }

  return {
    attempt({ repository, branch, sha, at }) {
      if (branch === repository.defaultBranch) return 1;
      const older = [...runs.all()].filter(
        (run) =>
          isVerifyOf(run, { repository, sha }) && !(Date.parse(readWants(run)[branch] ?? '') >= at.getTime()),
      );
      const givenUp = new Set(older.filter(wasGivenUp).map(({ notes }) => notes.attempt));
      let attempt = 1;
      while (givenUp.has(attempt)) attempt += 1;
      return attempt;
    },
    async pushed({ repository, branch, before, sha, at }) {
      const key = keyOf(repository, branch);
      learn(key, { before, sha, at: at.getTime() });
      for (const run of runs.live()) {
        if (run.notes.repository.id === repository.id && run.notes.sha === sha) {
          await want(ports, run, { branch, at });
        }
      }
      await cancelUnwanted(key);
    },
    observe(run) {
      if (!isSupersedable(run)) return;
      for (const [branch, at] of Object.entries(readWants(run))) {
        const key = keyOf(run.notes.repository, branch);
        const { before, sha } = run.notes;
        const moved = learn(key, { before, sha, at: Date.parse(at) });
        if (!moved && heads.get(key)?.sha === sha) continue;
        cancelUnwanted(key).catch((error: unknown) => {
          log.warn({ err: error, run: run.name }, 'a run that is not wanted was not cancelled');
        });
      }
    },
  };
}

/** Remembers on the run that a branch has its commit as head. */
async function want(
  { engine, runs }: SupersedePorts,
  run: KnownRun,
  { branch, at }: { branch: string; at: Date },
): Promise<void> {
  const wants = readWants(run);
  if (!isSupersedable(run) || Date.parse(wants[branch] ?? '') >= at.getTime()) return;
  const annotations = wantsAnnotation({ ...wants, [branch]: at.toISOString() });
  await engine.annotate(run.name, annotations);
  runs.annotated(run.name, annotations);
}

function isVerifyOf(
  { notes }: KnownRun,
  { repository, sha }: Pick<BranchPush, 'repository' | 'sha'>,
): boolean {
  return (
    notes.repository.id === repository.id &&
    notes.sha === sha &&
    notes.purpose === 'verify' &&
    notes.trust === 'trusted'
  );
}

/** Publish runs never are. */
function isSupersedable({ status, notes }: KnownRun): boolean {
  return status.phase !== 'done' && notes.purpose === 'verify' && notes.trust === 'trusted';
}

/** Null while a branch still wants it. */
function reasonToCancel(run: KnownRun, heads: ReadonlyMap<string, Head>): string | null {
  const wants = Object.entries(readWants(run));
  if (!isSupersedable(run) || wants.length === 0) return null;
  let reason: string | null = null;
  for (const [branch, at] of wants) {
    const head = heads.get(keyOf(run.notes.repository, branch));
    const own = { before: run.notes.before, sha: run.notes.sha, at: Date.parse(at) };
    if (head === undefined || head.sha === run.notes.sha || !isNewer(head, own)) return null;
    reason =
      head.sha === null
        ? `the branch ${branch} was deleted`
        : `superseded by ${head.sha.slice(0, 7)}, a newer commit on ${branch}`;
  }
  return reason;
}

/** Times are of whole seconds: within one, a push is older than the push that began where it ended. */
function isNewer(one: Head, other: Head): boolean {
  if (one.at !== other.at) return one.at > other.at;
  return other.before === null || other.before !== one.sha;
}

function keyOf({ id }: Pick<RepositoryRef, 'id'>, branch: string): string {
  return `${id}/${branch}`;
}
