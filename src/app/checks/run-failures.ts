import type { RunName } from '../../core/pipeline/run.ts';
import { annotationsOf, pathsOf } from '../../core/report/annotations.ts';
import type { Annotation } from '../../core/report/check.ts';
import { DOCKERFILE } from '../../core/report/failures/kaniko/kaniko-errors.ts';
import type { StepFailure } from '../../core/report/failures/read-failure.ts';
import { culprit } from '../../core/report/run-summary.ts';
import type { Repositories } from '../github-ports.ts';
import type { Engine, Log, LogStore } from '../ports.ts';
import { readFailure } from '../runs/copy-logs.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';
import { failedAnnotation } from '../runs/run-notes.ts';
import { failedNames } from './past-runs.ts';

export interface RunFailuresPorts {
  readonly logStore: LogStore;
  readonly engine: Pick<Engine, 'annotate'>;
  readonly repositories: Pick<Repositories, 'lineCounts'>;
  readonly runs: RunIndex;
  readonly log: Log;
}

/** What is told of a run's failure, and where in the repository. */
export interface ToldFailure {
  readonly failure: StepFailure;
  readonly annotations: readonly Annotation[];
}

/** Reads what failed in runs that have ended, each once. */
export interface RunFailures {
  /** Null where nothing failed, or its log cannot be read: a check says less then, but it must end all the same. */
  of(run: KnownRun): Promise<ToldFailure | null>;
  forget(name: RunName): void;
}

export function createRunFailures(ports: RunFailuresPorts): RunFailures {
  const told = new Map<RunName, Promise<ToldFailure | null>>();
  return {
    async of(run) {
      if (run.status.phase !== 'done') return null;
      const telling = told.get(run.name) ?? tell(ports, run);
      told.set(run.name, telling);
      return telling;
    },
    forget: (name) => void told.delete(name),
  };
}

async function tell(ports: RunFailuresPorts, run: KnownRun): Promise<ToldFailure | null> {
  const failed = culprit(run.status);
  if (failed === null) return null;
  try {
    const failure = withDockerfile(await readFailure(ports.logStore, run.name, failed), run.notes.dockerfile);
    await remember(ports, run, failure);
    return { failure, annotations: await annotate(ports, run, failure) };
  } catch (error) {
    ports.log.warn({ err: error, run: run.name }, 'log not read, the check says nothing of it');
    return null;
  }
}

function withDockerfile(failure: StepFailure, dockerfile = DOCKERFILE): StepFailure {
  const findings = failure.findings.map((finding) => {
    const { kind, place } = finding;
    const isMeant = kind === 'image' && place?.path === DOCKERFILE;
    return isMeant ? { ...finding, place: { ...place, path: dockerfile } } : finding;
  });
  return { ...failure, findings };
}

/** For the next run of the branch, which has no other way to know. */
async function remember(
  { engine, runs, log }: RunFailuresPorts,
  { name }: KnownRun,
  { findings }: StepFailure,
): Promise<void> {
  const names = failedNames(findings);
  if (names.length === 0) return;
  try {
    const annotations = failedAnnotation(names);
    await engine.annotate(name, annotations);
    runs.annotated(name, annotations);
  } catch (error) {
    log.warn({ err: error, run: name }, 'names of what failed not kept');
  }
}

/** No annotation is worth a failure of its own. */
async function annotate(
  { repositories, runs, log }: RunFailuresPorts,
  run: KnownRun,
  { findings }: StepFailure,
): Promise<readonly Annotation[]> {
  const { sha, folder = '.' } = run.notes;
  const paths = pathsOf(findings, folder);
  if (paths.length === 0) return [];
  try {
    const files = await repositories.lineCounts(runs.repositoryOf(run), sha, paths);
    return annotationsOf(findings, { folder, files });
  } catch (error) {
    log.warn({ err: error, run: run.name }, 'files not read, the check has no annotations');
    return [];
  }
}
