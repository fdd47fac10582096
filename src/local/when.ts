import type { WhenExpression } from '../core/pipeline/pipeline-run.ts';

/** Whether all hold; their text is substituted. https://tekton.dev/docs/pipelines/pipelines/#guard-task-execution-using-when-expressions */
export function whenHolds(expressions: readonly WhenExpression[]): boolean {
  return expressions.every(({ input, operator, values }) => values.includes(input) === (operator === 'in'));
}
