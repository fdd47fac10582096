import type { PipelineTask } from '../core/pipeline/pipeline-run.ts';
import { dependenciesOf } from './task-graph.ts';
import type { TaskOutcome } from './task-outcome.ts';

export type Skipped = Extract<TaskOutcome, { state: 'skipped' }>;

export interface Schedule {
  readonly tasks: readonly PipelineTask[];
  /** Tasks that have ended already. */
  readonly known: ReadonlyMap<string, TaskOutcome>;
  /** Executes a task, or notes that one before it keeps it from running. Must not reject. */
  readonly execute: (task: PipelineTask, skip: Skipped | null) => Promise<TaskOutcome>;
}

/** Has each task executed once all that it waits for have ended; resolves when all have. */
export async function scheduleTasks({ tasks, known, execute }: Schedule): Promise<void> {
  const begun = new Map<string, Promise<TaskOutcome>>();
  const begin = (task: PipelineTask): Promise<TaskOutcome> => {
    const outcome = known.get(task.name);
    const last = begun.get(task.name) ?? (outcome === undefined ? undefined : Promise.resolve(outcome));
    if (last !== undefined) return last;
    const before = tasks.filter(({ name }) => dependenciesOf(task).has(name));
    const next = Promise.all(before.map(begin)).then((parents) => execute(task, skippedBy(parents)));
    begun.set(task.name, next);
    return next;
  };
  await Promise.all(tasks.map(begin));
}

/**
 * Tekton: a task after one that its `when` kept from running does run; after one that was skipped for another reason it does not.
 * What uses a skipped task's result is found when the result is missed.
 */
function skippedBy(parents: readonly TaskOutcome[]): Skipped | null {
  if (parents.some((parent) => parent.state === 'skipped' && parent.because === 'stopping'))
    return { state: 'skipped', because: 'stopping' };
  const skipped = parents.some((parent) => parent.state === 'skipped' && parent.because !== 'when');
  return skipped ? { state: 'skipped', because: 'parent' } : null;
}
