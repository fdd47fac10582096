import type { StepState } from '../../core/pipeline/run-status.ts';
import { type Html, html } from '../html.ts';
import type { RunState } from '../run-view.ts';

/** How a state looks and what it is called. */
export interface Appearance {
  readonly word: string;
  /** A class of the stylesheet: its colour. */
  readonly tone: 'good' | 'bad' | 'busy' | 'attention' | 'quiet';
  readonly icon: IconName;
}

export type IconName = keyof typeof STROKES;

/** On a 16 by 16 canvas, in the text's colour. */
const STROKES = {
  check: html`<circle cx="8" cy="8" r="7"/><path d="m5 8.3 2.1 2.1L11.2 6"/>`,
  cross: html`<circle cx="8" cy="8" r="7"/><path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"/>`,
  spinner: html`<circle cx="8" cy="8" r="7" stroke-opacity=".25"/><path d="M8 1a7 7 0 0 1 7 7"/>`,
  clock: html`<circle cx="8" cy="8" r="7"/><path d="M8 4.2V8l2.4 1.6"/>`,
  dots: html`<circle cx="8" cy="8" r="7" stroke-dasharray="1.6 2.8"/>`,
  slash: html`<circle cx="8" cy="8" r="7"/><path d="m4.9 11.1 6.2-6.2"/>`,
  mark: html`<circle cx="8" cy="8" r="7"/><path d="M8 4.4v4.4m0 2.6v.1"/>`,
};

/** Stands in the page once, for `icon` to refer to. */
export const ICONS = html`<svg class="icons" aria-hidden="true">${Object.entries(STROKES).map(([name, strokes]) => html`<symbol id="icon-${name}" viewBox="0 0 16 16">${strokes}</symbol>`)}</svg>`;

export const RUN_STATES: Readonly<Record<RunState, Appearance>> = {
  queued: { word: 'Queued', tone: 'quiet', icon: 'dots' },
  in_progress: { word: 'Running', tone: 'busy', icon: 'spinner' },
  success: { word: 'Succeeded', tone: 'good', icon: 'check' },
  failure: { word: 'Failed', tone: 'bad', icon: 'cross' },
  neutral: { word: 'Neutral', tone: 'quiet', icon: 'mark' },
  cancelled: { word: 'Cancelled', tone: 'quiet', icon: 'slash' },
  skipped: { word: 'Skipped', tone: 'quiet', icon: 'slash' },
  timed_out: { word: 'Timed out', tone: 'bad', icon: 'clock' },
  action_required: { word: 'Waiting for approval', tone: 'attention', icon: 'mark' },
};

export const STEP_STATES: Readonly<Record<StepState, Appearance>> = {
  waiting: { word: 'waiting', tone: 'quiet', icon: 'dots' },
  running: { word: 'running', tone: 'busy', icon: 'spinner' },
  succeeded: { word: 'succeeded', tone: 'good', icon: 'check' },
  failed: { word: 'failed', tone: 'bad', icon: 'cross' },
  skipped: { word: 'skipped', tone: 'quiet', icon: 'slash' },
};

export function icon(name: IconName): Html {
  return html`<svg class="icon icon-${name}" aria-hidden="true"><use href="#icon-${name}"/></svg>`;
}
