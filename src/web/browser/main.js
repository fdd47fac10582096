/** @import { WirePage, WireRun, WireStep } from '../wire.ts' */
/** @import { StepLog } from './step-log.js' */

import { decodeAnchor, parseAnchor } from './anchor.js';
import { listenToKeys } from './keys.js';
import { followRun, showRun, showRunTime } from './live-run.js';
import { createStepLog } from './step-log.js';
import { showStep, showTimes } from './step-row.js';
import { make } from './text.js';

/** @type {WirePage} */
const page = JSON.parse(document.querySelector('main')?.dataset.page ?? '{}');
/** @type {Map<string, { element: HTMLElement, log: StepLog | null }>} */
const steps = new Map();
let run = page.run;
let clockAhead = Date.now() - run.now;
let current = '';

for (const step of run.steps) {
  const element = document.getElementById(step.slug);
  if (element !== null) watchStep(element, step);
}

/** @param {HTMLElement} element @param {WireStep} step */
function watchStep(element, step) {
  const hasLog = element instanceof HTMLDetailsElement;
  const log = hasLog ? createStepLog(element, step, logUrl(step)) : null;
  steps.set(step.slug, { element, log });
  if (!hasLog) return;
  completeTools(element, step);
  element.addEventListener('toggle', () => {
    if (element.open) current = step.slug;
    if (element.open) void log?.open();
  });
  element.addEventListener('focusin', () => {
    current = step.slug;
  });
  if (!element.open) return;
  current = step.slug;
  void log?.open();
}

/** @param {WireStep} step */
function logUrl({ slug }) {
  return `${page.logs}/${encodeURIComponent(slug)}`;
}

/**
 * What the server puts above a log, for a step that began since.
 *
 * @param {HTMLElement} element
 * @param {WireStep} step
 */
function completeTools(element, step) {
  const choices = element.querySelector('.choices');
  if (choices === null || choices.childElementCount > 0) return;
  const href = logUrl(step);
  const wraps = make('input', { type: 'checkbox', class: 'wraps', checked: '' });
  choices.append(
    make('label', {}, [make('input', { type: 'checkbox', class: 'times' }), ' Times']),
    make('label', {}, [wraps, ' Wrap']),
    make('a', { href, 'aria-label': `Raw log of ${step.label}` }, ['Raw log']),
    make('a', { href, download: '', 'aria-label': `Download the log of ${step.label}` }, ['Download']),
  );
}

/** @param {WireRun} next */
function update(next) {
  clockAhead = Date.now() - next.now;
  showRun(next, run);
  for (const step of next.steps) {
    const known = steps.get(step.slug);
    if (known === undefined) continue;
    const element = showStep(known.element, step);
    if (element !== known.element) watchStep(element, step);
    steps.get(step.slug)?.log?.update(step);
  }
  run = next;
  tick();
}

function tick() {
  const now = Date.now() - clockAhead;
  showRunTime(run, now);
  showTimes(run.steps, (slug) => steps.get(slug)?.element, now);
}

async function goToAnchor() {
  const range = parseAnchor(location.hash);
  const step = steps.get(range?.slug ?? decodeAnchor(location.hash.slice(1)).replace(/-end$/, ''));
  for (const { log } of steps.values()) log?.unpick();
  if (step === undefined) return;
  if (step.element instanceof HTMLDetailsElement) step.element.open = true;
  if (range !== null) await step.log?.pick(range);
  else if (location.hash.endsWith('-end')) await step.log?.goToEnd();
  else await step.log?.open();
  step.element.scrollIntoView({ block: 'nearest' });
}

/** @param {string} name */
function toggle(name) {
  const box = steps.get(current)?.element.querySelector(`input.${name}`);
  if (box instanceof HTMLInputElement) box.click();
}

/** @param {number} by */
function moveToStep(by) {
  const rows = [...document.querySelectorAll('summary.row')];
  const at = rows.findIndex((row) => row.parentElement?.id === current);
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  if (row instanceof HTMLElement) row.focus();
}

const log = () => steps.get(current)?.log;
listenToKeys([
  { keys: ['/', 's'], words: 'Search the log', act: () => log()?.search.focus() },
  { keys: ['n'], words: 'Next hit', act: () => log()?.search.go(1) },
  { keys: ['N', 'p'], words: 'Previous hit', act: () => log()?.search.go(-1) },
  { keys: ['f'], words: 'Follow the log, or go to its end', act: () => log()?.toggleFollow() },
  { keys: ['j'], words: 'Next step', act: () => moveToStep(1) },
  { keys: ['k'], words: 'Previous step', act: () => moveToStep(-1) },
  { keys: ['l'], words: 'Link to the hit, or to the line in the middle', act: () => log()?.pickInView() },
  { keys: ['t'], words: 'Show or hide times', act: () => toggle('times') },
  { keys: ['w'], words: 'Wrap long lines, or do not', act: () => toggle('wraps') },
  { keys: ['e'], words: 'Unfold all groups', act: () => log()?.foldAll(false) },
  { keys: ['c'], words: 'Fold all groups', act: () => log()?.foldAll(true) },
]);

window.addEventListener('hashchange', () => void goToAnchor());
void goToAnchor();
if (page.events !== undefined) {
  followRun(page.events, update);
  window.setInterval(tick, 1_000);
}
