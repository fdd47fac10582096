import { InfrastructureError } from './infrastructure-error.ts';
import { type Replacements, taskResultReferences } from './substitution.ts';

export interface ResultReference {
  readonly task: string;
  readonly result: string;
}

/** The first result that a text refers to and that is not there; null when all are. */
export function missingResult(user: unknown, values: Replacements): ResultReference | null {
  const missing = ({ task, result }: ResultReference) => !values.has(`tasks.${task}.results.${result}`);
  return taskResultReferences(user).find(missing) ?? null;
}

/** What ends a run when a task that did run did not write what `user` needs, as in Tekton. */
export function unwritten({ task, result }: ResultReference, user: string): InfrastructureError {
  return new InfrastructureError(
    'PipelineValidationFailed',
    `task ${task} did not write the result ${result}, which ${user} uses`,
  );
}
