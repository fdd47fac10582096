import {
  type Engine,
  type ObservedRun,
  RunConflictError,
  type RunCredentials,
} from '../../../src/app/ports.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { Run, RunName } from '../../../src/core/pipeline/run.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import { stepLabel } from '../../../src/core/report/step-label.ts';

/** An engine that executes nothing: a test says what happens to its runs. It outlives the process that watches it. */
export interface FakeEngine extends Engine {
  readonly runs: ReadonlyMap<RunName, ObservedRun>;
  /** What was submitted, in order; a second submission of a run is not among them. */
  readonly submitted: readonly { readonly run: Run; readonly credentials: RunCredentials }[];
  /** Calls of the other methods, in order, as text: `release api-1`, `cancel api-1: why`. */
  readonly calls: readonly string[];
  /** The credentials that each run has now. */
  readonly credentials: ReadonlyMap<RunName, RunCredentials>;
  /** Whose credentials were taken away, each time. */
  readonly revoked: readonly RunName[];
  /** The next call of this method rejects, or one that comes after so many others. */
  failNext(
    method: 'submit' | 'annotate' | 'logs' | 'release' | 'cancel' | 'renew' | 'revoke' | 'secretValues',
    error: Error,
    others?: number,
  ): void;
  /** Runs of this project are not what it can execute. */
  refuse(project: string, error: Error): void;
  set(name: RunName, status: RunStatus): void;
  /** What a step of a run says, in these chunks. */
  say(name: RunName, label: string, ...chunks: string[]): void;
  /** Tells nothing from now on; what it has kept to itself it tells when the function that it returns is called. */
  withhold(): () => void;
  /** Secrets that the steps of a run see. */
  give(name: RunName, ...values: string[]): void;
  /** Puts a run there that tekton-ci did not make. */
  add(run: ObservedRun): void;
}

export function createFakeEngine(createdAt: Date): FakeEngine {
  const runs = new Map<RunName, ObservedRun>();
  const submitted: { run: Run; credentials: RunCredentials }[] = [];
  const watchers = new Set<(run: ObservedRun) => void>();
  const logs = new Map<string, string[]>();
  const failures = new Map<string, { readonly error: Error; others: number }>();
  const refusals = new Map<string, Error>();
  const calls: string[] = [];
  const given = new Map<RunName, readonly string[]>();
  const revoked: RunName[] = [];
  /** Null while news are told at once. */
  let untold: Set<RunName> | null = null;
  const credentialsOf = new Map<RunName, RunCredentials>();

  function failIfTold(method: string): void {
    const failure = failures.get(method);
    if (failure === undefined) return;
    failure.others -= 1;
    if (failure.others >= 0) return;
    failures.delete(method);
    throw failure.error;
  }

  function put(run: ObservedRun): void {
    runs.set(run.name, run);
    if (untold === null) for (const tell of watchers) tell(run);
    else untold.add(run.name);
  }

  function tellAll(names: ReadonlySet<RunName>): void {
    untold = null;
    for (const name of names) for (const tell of watchers) tell(runs.get(name)!);
  }

  return {
    runs,
    submitted,
    calls,
    credentials: credentialsOf,
    revoked,
    failNext: (method, error, others = 0) => failures.set(method, { error, others }),
    refuse: (project, error) => void refusals.set(project, error),
    withhold() {
      const names = new Set<RunName>();
      untold = names;
      return () => tellAll(names);
    },
    set: (name, status) => put({ ...runs.get(name)!, status }),
    say: (name, label, ...chunks) => logs.set(`${name}/${label}`, chunks),
    add: put,
    async validate({ key }) {
      const refusal = refusals.get(key.project);
      if (refusal !== undefined) throw refusal;
    },
    async submit(run, credentials) {
      failIfTold('submit');
      const { annotations } = run.pipelineRun.metadata;
      const known = runs.get(run.name);
      if (known === undefined) {
        submitted.push({ run, credentials });
        credentialsOf.set(run.name, credentials);
        put({ name: run.name, annotations, createdAt, status: { phase: 'pending', ahead: 0 } });
      } else if (known.annotations[ANNOTATION.key] !== annotations[ANNOTATION.key]) {
        throw new RunConflictError(run.name);
      }
    },
    async watch(onChange, signal, onListed) {
      for (const run of runs.values()) onChange(run);
      onListed?.();
      watchers.add(onChange);
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      watchers.delete(onChange);
    },
    async annotate(name, annotations) {
      failIfTold('annotate');
      const run = runs.get(name)!;
      put({ ...run, annotations: { ...run.annotations, ...annotations } });
    },
    async *logs(name, step) {
      failIfTold('logs');
      for (const text of logs.get(`${name}/${stepLabel(step)}`) ?? []) {
        yield { at: createdAt, bytes: new TextEncoder().encode(text) };
      }
    },
    async release(name) {
      failIfTold('release');
      calls.push(`release ${name}`);
    },
    async renew(name, credentials) {
      failIfTold('renew');
      calls.push(`renew ${name}`);
      credentialsOf.set(name, credentials);
    },
    async revoke(name) {
      failIfTold('revoke');
      revoked.push(name);
      credentialsOf.delete(name);
    },
    async answer(name, target, verdict) {
      calls.push(`answer ${name} ${target}: ${verdict.go === 'yes' ? 'yes' : verdict.reason}`);
    },
    async cancel(name, by, why) {
      failIfTold('cancel');
      calls.push(`cancel ${name}: ${why}`);
      const run = runs.get(name);
      if (run === undefined || run.status.phase === 'done') return;
      const cause = { kind: 'cancelled', by, why } as const;
      const ended = { verdict: 'cancelled', cause, steps: [], results: {}, finishedAt: createdAt } as const;
      put({ ...run, status: { phase: 'done', ...ended } });
    },
    async secretValues(name) {
      failIfTold('secretValues');
      return given.get(name) ?? [];
    },
    give: (name, ...values) => void given.set(name, values),
    async remove(name) {
      calls.push(`remove ${name}`);
      runs.delete(name);
    },
  };
}
