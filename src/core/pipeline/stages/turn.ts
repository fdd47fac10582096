import type { DeployTarget } from '../../config/config.ts';
import { goDuration } from '../duration.ts';
import { partName } from '../names.ts';
import type { CustomTask, WhenExpression } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import { turnTimeout } from '../timeouts.ts';

/** The wait before a deploy, which the app answers with the result `go`: `yes`, or `no` and the deploy is skipped. */
export function renderTurn(
  target: DeployTarget,
  input: RenderInput,
  runAfter: readonly string[],
): CustomTask {
  return {
    name: turnTaskName(target),
    ...(runAfter.length === 0 ? {} : { runAfter }),
    taskRef: { apiVersion: 'tekton-ci.dev/v1', kind: 'Turn' },
    params: [
      { name: 'target', value: target.to },
      { name: 'approve', value: String(target.approve) },
    ],
    timeout: goDuration(turnTimeout(target, input)),
  };
}

export function turnTaskName({ to }: DeployTarget): string {
  return partName('turn', to);
}

/** What lets a deploy start. */
export function itsTurn(target: DeployTarget): WhenExpression {
  return { input: `$(tasks.${turnTaskName(target)}.results.go)`, operator: 'in', values: ['yes'] };
}
