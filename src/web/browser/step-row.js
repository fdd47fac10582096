/** @import { WireState, WireStep } from '../wire.ts' */

import { durationText, make, setIcon } from './text.js';

/**
 * @param {Element | null} element
 * @param {WireState} state
 */
export function setTone(element, { tone }) {
  element?.classList.remove('good', 'bad', 'busy', 'attention', 'quiet');
  element?.classList.add(tone);
}

/**
 * Shows the state of a step in its row; a step that has begun gets a place for its log.
 *
 * @param {HTMLElement} element
 * @param {WireStep} step
 * @returns {HTMLElement} what stands for the step from now on
 */
export function showStep(element, step) {
  const hasBegun = step.state !== 'waiting' && step.state !== 'skipped';
  const shown = hasBegun && element.tagName !== 'DETAILS' ? begin(element, step) : element;
  for (const part of shown.querySelectorAll('.row > .state, .row > .label, .row > .bar')) setTone(part, step);
  setIcon(shown.querySelector('.row > .state > .icon'), step.icon);
  const exit = step.state === 'failed' && step.exitCode !== undefined ? `, exit code ${step.exitCode}` : '';
  const small = shown.querySelector('.row small');
  if (small !== null) small.textContent = `${step.word}${exit}`;
  return shown;
}

/** @param {HTMLElement} element @param {WireStep} step */
function begin(element, { slug, state }) {
  const row = make('summary', { class: 'row' });
  row.append(...(element.querySelector('.row')?.childNodes ?? []));
  const extent = make('span', { class: 'extent' });
  const tools = make('div', { class: 'tools' }, [extent, make('span', { class: 'choices' })]);
  const body = make('div', { class: 'body' }, [
    tools,
    make('p', { class: 'empty' }, ['Nothing written yet.']),
  ]);
  const details = make('details', { class: 'card step', id: slug }, [row, body]);
  details.open = state === 'running' || state === 'failed';
  element.replaceWith(details);
  return details;
}

/**
 * Draws when steps ran, and how long.
 *
 * @param {readonly WireStep[]} steps
 * @param {(slug: string) => HTMLElement | undefined} elementOf
 * @param {number} now
 */
export function showTimes(steps, elementOf, now) {
  const begun = steps.flatMap(({ slug, startedAt, finishedAt }) =>
    startedAt === undefined ? [] : [{ slug, from: startedAt, to: Math.max(startedAt, finishedAt ?? now) }],
  );
  const from = Math.min(...begun.map((each) => each.from));
  const span = Math.max(1, Math.max(...begun.map((each) => each.to)) - from);
  for (const step of begun) {
    const element = elementOf(step.slug);
    const bar = element?.querySelector('.bar rect');
    bar?.setAttribute('x', String((100 * (step.from - from)) / span));
    bar?.setAttribute('width', String(Math.max(0.6, (100 * (step.to - step.from)) / span)));
    const took = element?.querySelector('.took');
    if (took) took.textContent = durationText(step.to - step.from);
  }
}
