import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import { keyOfText } from '../../core/pipeline/names.ts';
import type { RunName } from '../../core/pipeline/run.ts';
import { refText } from '../../core/plan/candidate.ts';
import type { RepositoryRef } from '../../core/plan/event.ts';
import type { RunKey } from '../../core/plan/run-key.ts';
import type { ObservedRun } from '../ports.ts';
import { type RunNotes, readNotes } from './run-notes.ts';

export interface KnownRun extends ObservedRun {
  readonly notes: RunNotes;
  readonly key: RunKey;
}

type Annotations = KnownRun['annotations'];

/** What was written on a run and not told of yet, and what was told of last. */
interface Written {
  readonly own: Annotations;
  readonly told: Annotations;
}

/** The runs that the engine told of, as they were last seen. */
export interface RunIndex {
  get(name: RunName): KnownRun | undefined;
  /** In the order in which they were first seen. */
  all(): Iterable<KnownRun>;
  /** Those of one commit. */
  ofCommit(repositoryId: number, sha: string): readonly KnownRun[];
  /** Those of the same project that were made for the same branch, tag or pull request, in the order in which they were first seen. */
  ofBranch(run: Pick<KnownRun, 'notes'>): readonly KnownRun[];
  /** Those that have not ended, in the order in which they were first seen. */
  live(): Iterable<KnownRun>;
  /** Takes a run's newest state; null for a run that is not ours. */
  put(run: ObservedRun): KnownRun | null;
  /** Sets how many runs start before one that waits; true when that is new. */
  place(name: RunName, ahead: number): boolean;
  /** Takes in annotations that the engine has accepted, which it may tell of later than what else it tells. */
  annotated(name: RunName, annotations: Annotations): void;
  /** Forgets such annotations: another server may have written others since. */
  trustEngine(): void;
  forget(name: RunName): void;
  /** Takes in how an event describes its repository. */
  met(repository: RepositoryRef): void;
  /** The run's repository as it was told of last: it may have been renamed or transferred since the run was made. */
  repositoryOf(run: Pick<KnownRun, 'notes'>): RepositoryRef;
}

/** Notes never change, so they are read once a run; how many are ahead is ours to say, not the engine's. */
export function createRunIndex(): RunIndex {
  const runs = new Map<RunName, KnownRun>();
  const live = new Map<RunName, KnownRun>();
  /** Names of runs by their commit. */
  const commits = new Map<string, Set<RunName>>();
  const branches = new Map<string, Set<RunName>>();
  const written = new Map<RunName, Written>();
  /** As events describe them, and before there was one as the newest run does. */
  const met = new Map<number, RepositoryRef>();
  const newest = new Map<number, KnownRun>();

  function keep(run: KnownRun): KnownRun {
    if (!runs.has(run.name)) {
      const { id } = run.notes.repository;
      const known = newest.get(id);
      if (known === undefined || known.notes.receivedAt < run.notes.receivedAt) newest.set(id, run);
      addIn(commits, commitOf(run), run.name);
      addIn(branches, branchOf(run), run.name);
    }
    runs.set(run.name, run);
    if (run.status.phase === 'done') live.delete(run.name);
    else live.set(run.name, run);
    return run;
  }

  /** What is told of as it was written is the engine's from then on. */
  function write(name: RunName, told: Annotations, own: Annotations): void {
    const untold = Object.entries(own).filter(([key, value]) => told[key] !== value);
    if (untold.length === 0) written.delete(name);
    else written.set(name, { own: Object.fromEntries(untold), told });
  }

  return {
    get: (name) => runs.get(name),
    all: () => runs.values(),
    ofCommit: (id, sha) => [...(commits.get(`${id}/${sha}`) ?? [])].flatMap((name) => runs.get(name) ?? []),
    ofBranch: (run) => [...(branches.get(branchOf(run)) ?? [])].flatMap((name) => runs.get(name) ?? []),
    live: () => live.values(),
    put(run) {
      const before = runs.get(run.name);
      const notes = before?.notes ?? readNotes(run);
      const key = before?.key ?? keyOfText(run.annotations[ANNOTATION.key] ?? '');
      if (notes === null || key === null) return null;
      const waits = run.status.phase === 'pending' && before?.status.phase === 'pending';
      write(run.name, run.annotations, written.get(run.name)?.own ?? {});
      const own = written.get(run.name)?.own;
      return keep({
        ...run,
        notes,
        key,
        ...(own && { annotations: { ...run.annotations, ...own } }),
        ...(waits && { status: before.status }),
      });
    },
    place(name, ahead) {
      const run = runs.get(name);
      if (run?.status.phase !== 'pending' || run.status.ahead === ahead) return false;
      keep({ ...run, status: { ...run.status, ahead } });
      return true;
    },
    annotated(name, added) {
      const run = runs.get(name);
      const before = written.get(name);
      write(name, before?.told ?? run?.annotations ?? {}, { ...before?.own, ...added });
      if (run !== undefined) keep({ ...run, annotations: { ...run.annotations, ...added } });
    },
    trustEngine() {
      for (const [name, { told }] of written) {
        const run = runs.get(name);
        if (run !== undefined) keep({ ...run, annotations: told });
      }
      written.clear();
    },
    forget(name) {
      const run = runs.get(name);
      if (run !== undefined) {
        forgetIn(commits, commitOf(run), name);
        forgetIn(branches, branchOf(run), name);
      }
      written.delete(name);
      runs.delete(name);
      live.delete(name);
    },
    met: (repository) => void met.set(repository.id, repository),
    repositoryOf: ({ notes: { repository } }) =>
      met.get(repository.id) ?? newest.get(repository.id)?.notes.repository ?? repository,
  };
}

function commitOf({ notes }: KnownRun): string {
  return `${notes.repository.id}/${notes.sha}`;
}

function branchOf({ notes: { repository, project, ref } }: Pick<KnownRun, 'notes'>): string {
  return JSON.stringify([repository.id, project, refText(ref)]);
}

function addIn(index: Map<string, Set<RunName>>, key: string, name: RunName): void {
  index.set(key, (index.get(key) ?? new Set()).add(name));
}

function forgetIn(index: Map<string, Set<RunName>>, key: string, name: RunName): void {
  const names = index.get(key);
  names?.delete(name);
  if (names?.size === 0) index.delete(key);
}
