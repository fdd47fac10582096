import type { App, Json, Repository, World } from './world.ts';

export interface AnnotationState {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number | null;
  readonly end_column: number | null;
  readonly annotation_level: string;
  readonly title: string | null;
  readonly message: string;
  readonly raw_details: string | null;
}

/** What a check looked like from one accepted request to the next. */
export interface CheckMoment {
  readonly at: Date;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly annotations: number;
}

export interface CheckState {
  readonly id: number;
  readonly repository: string;
  readonly appId: number;
  readonly suiteId: number;
  readonly headSha: string;
  readonly name: string;
  readonly externalId: string;
  readonly detailsUrl: string | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: readonly AnnotationState[];
  readonly actions: readonly Json[];
  /** Oldest first; the last one is what it looks like now. */
  readonly history: readonly CheckMoment[];
}

export interface SuiteState {
  readonly id: number;
  readonly repository: Repository;
  readonly app: App;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly before: string | null;
  readonly createdAt: Date;
  updatedAt: Date;
}

export type CheckListener = (check: CheckState) => void;

/** All check runs and their suites. A check is replaced as a whole: a state once read never changes. */
export interface CheckStore {
  readonly runs: ReadonlyMap<number, CheckState>;
  readonly suites: ReadonlyMap<number, SuiteState>;
  /** Keeps the state, with one more moment in its history, and tells the listeners. */
  save(state: Omit<CheckState, 'history'>): CheckState;
  /** The suite of the app on the commit: one for each pair, made when there is none. */
  suite(
    repository: Repository,
    app: App,
    commit: Pick<SuiteState, 'headSha' | 'headBranch' | 'before'>,
  ): SuiteState;
  repositoryOf(check: CheckState): Repository | undefined;
  onCheck(listener: CheckListener): () => void;
}

export function createCheckStore(world: World): CheckStore {
  const runs = new Map<number, CheckState>();
  const suites = new Map<number, SuiteState>();
  const listeners = new Set<CheckListener>();

  return {
    runs,
    suites,
    save(state) {
      const moment = {
        at: world.now(),
        status: state.status,
        conclusion: state.conclusion,
        title: state.title,
        summary: state.summary,
        annotations: state.annotations.length,
      };
      const saved = { ...state, history: [...(runs.get(state.id)?.history ?? []), moment] };
      runs.set(state.id, saved);
      const suite = suites.get(state.suiteId);
      if (suite !== undefined) suite.updatedAt = world.now();
      for (const listener of listeners) listener(saved);
      return saved;
    },
    suite(repository, app, commit) {
      const known = [...suites.values()].find(
        (one) => one.repository === repository && one.app === app && one.headSha === commit.headSha,
      );
      if (known !== undefined) return known;
      const now = world.now();
      const made = { id: world.nextId(), repository, app, ...commit, createdAt: now, updatedAt: now };
      suites.set(made.id, made);
      return made;
    },
    repositoryOf: ({ suiteId }) => suites.get(suiteId)?.repository,
    onCheck(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Statuses and conclusions of a suite are those of its runs: unfinished wins, then the worst conclusion. */
export function suiteVerdict(runs: readonly CheckState[]): { status: string; conclusion: string | null } {
  const latest = latestRuns(runs);
  if (latest.length === 0) return { status: 'queued', conclusion: null };
  if (latest.some(({ status }) => status !== 'completed')) {
    const waiting = latest.every(({ status }) => status === 'queued');
    return { status: waiting ? 'queued' : 'in_progress', conclusion: null };
  }
  const worst = WORST_FIRST.find((one) => latest.some(({ conclusion }) => conclusion === one));
  return { status: 'completed', conclusion: worst ?? 'success' };
}

const WORST_FIRST = [
  'failure',
  'timed_out',
  'cancelled',
  'action_required',
  'stale',
  'success',
  'neutral',
  'skipped',
];

/** The newest run of each name in each suite, newest first. */
export function latestRuns(runs: readonly CheckState[]): CheckState[] {
  const newest = new Map<string, CheckState>();
  for (const run of runs.toSorted((a, b) => a.id - b.id)) newest.set(`${run.suiteId} ${run.name}`, run);
  return [...newest.values()].sort((a, b) => b.id - a.id);
}
