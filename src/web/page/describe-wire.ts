import { visibleText } from '../html.ts';
import { type RunView, type StepView, stepSlug } from '../run-view.ts';
import type { WireExtent, WireRun, WireStep } from '../wire.ts';
import { RUN_STATES, STEP_STATES } from './states.ts';

/** A run as the page's script shows it. `extents` are of those logs that are followed, by the steps' slugs. */
export function wireRun(run: RunView, now: Date, extents: ReadonlyMap<string, WireExtent>): WireRun {
  const { word, tone, icon } = RUN_STATES[run.state];
  return {
    now: now.getTime(),
    word,
    tone,
    icon,
    title: visibleText(run.title),
    ...times(run),
    steps: run.steps.map((step) => wireStep(step, extents.get(stepSlug(step.ref)))),
  };
}

function wireStep(step: StepView, log: WireExtent | undefined): WireStep {
  const { word, tone, icon } = STEP_STATES[step.state];
  return {
    slug: stepSlug(step.ref),
    label: visibleText(step.label),
    state: step.state,
    word,
    tone,
    icon,
    ...(step.exitCode !== undefined && { exitCode: step.exitCode }),
    ...times(step),
    ...(log && { log }),
  };
}

function times({ startedAt, finishedAt }: Pick<RunView, 'startedAt' | 'finishedAt'>) {
  return {
    ...(startedAt && { startedAt: startedAt.getTime() }),
    ...(finishedAt && { finishedAt: finishedAt.getTime() }),
  };
}
