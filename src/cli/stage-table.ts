import type { StepState, StepStatus } from '../core/pipeline/run-status.ts';
import { elapsed } from '../core/report/elapsed.ts';
import { stepLabel } from '../core/report/step-label.ts';
import type { Channel, Style } from './output.ts';

const MARKS: Readonly<Record<StepState, { readonly mark: string; readonly style: Style }>> = {
  waiting: { mark: '·', style: 'dim' },
  running: { mark: '…', style: 'yellow' },
  succeeded: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
  skipped: { mark: '-', style: 'dim' },
};

/** One line a step: how it ended and how long it took. */
export function stageTable(steps: readonly StepStatus[], out: Channel): string {
  const width = Math.max(...steps.map((step) => stepLabel(step).length));
  return steps
    .map((step) => {
      const { mark, style } = MARKS[step.state];
      const outcome = out.paint(style, `${mark} ${step.state.padEnd('succeeded'.length)}`);
      return `  ${stepLabel(step).padEnd(width)}  ${outcome}  ${remark(step)}`.trimEnd();
    })
    .join('\n');
}

function remark({ startedAt, finishedAt, state, exitCode }: StepStatus): string {
  const time = startedAt === undefined || finishedAt === undefined ? [] : [elapsed(startedAt, finishedAt)];
  const code = state === 'failed' && exitCode !== undefined ? [`exit code ${exitCode}`] : [];
  return [...time, ...code].join('  ');
}
