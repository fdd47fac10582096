import type { StepState } from '../../core/pipeline/run-status.ts';
import { type Html, html } from '../html.ts';
import type { RunState } from '../run-view.ts';

/** How a state looks and what it is called. */
export interface Appearance {
  readonly word: string;
  /** A class of the stylesheet: its colour. */
  readonly tone: 'good' | 'bad' | 'busy' | 'attention' | 'quiet';
  readonly icon: Html;
}

/** Strokes on a 16 by 16 canvas, in the text's colour. */
const ICONS = {
  check: icon(html`<circle cx="8" cy="8" r="7"/><path d="m5 8.3 2.1 2.1L11.2 6"/>`),
  cross: icon(html`<circle cx="8" cy="8" r="7"/><path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"/>`),
  spinner: icon(html`<circle class="track" cx="8" cy="8" r="7"/><path class="spin" d="M8 1a7 7 0 0 1 7 7"/>`),
  clock: icon(html`<circle cx="8" cy="8" r="7"/><path d="M8 4.2V8l2.4 1.6"/>`),
  dots: icon(html`<circle cx="8" cy="8" r="7" stroke-dasharray="1.6 2.8"/>`),
  slash: icon(html`<circle cx="8" cy="8" r="7"/><path d="m4.9 11.1 6.2-6.2"/>`),
  mark: icon(html`<circle cx="8" cy="8" r="7"/><path d="M8 4.4v4.4m0 2.6v.1"/>`),
};

export const RUN_STATES: Readonly<Record<RunState, Appearance>> = {
  queued: { word: 'Queued', tone: 'quiet', icon: ICONS.dots },
  in_progress: { word: 'Running', tone: 'busy', icon: ICONS.spinner },
  success: { word: 'Succeeded', tone: 'good', icon: ICONS.check },
  failure: { word: 'Failed', tone: 'bad', icon: ICONS.cross },
  neutral: { word: 'Neutral', tone: 'quiet', icon: ICONS.mark },
  cancelled: { word: 'Cancelled', tone: 'quiet', icon: ICONS.slash },
  skipped: { word: 'Skipped', tone: 'quiet', icon: ICONS.slash },
  timed_out: { word: 'Timed out', tone: 'bad', icon: ICONS.clock },
  action_required: { word: 'Waiting for approval', tone: 'attention', icon: ICONS.mark },
};

export const STEP_STATES: Readonly<Record<StepState, Appearance>> = {
  waiting: { word: 'waiting', tone: 'quiet', icon: ICONS.dots },
  running: { word: 'running', tone: 'busy', icon: ICONS.spinner },
  succeeded: { word: 'succeeded', tone: 'good', icon: ICONS.check },
  failed: { word: 'failed', tone: 'bad', icon: ICONS.cross },
  skipped: { word: 'skipped', tone: 'quiet', icon: ICONS.slash },
};

function icon(strokes: Html): Html {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${strokes}</svg>`;
}
