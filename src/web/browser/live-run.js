/** @import { WireRun } from '../wire.ts' */

import { setTone } from './step-row.js';
import { durationText, make, setIcon } from './text.js';

/** How long to wait after an answer that is no stream: a proxy without its server, or a server with too many readers. */
const AGAIN_MS = 5_000;

/**
 * Follows a run until it is over. The browser itself comes again when the connection breaks.
 *
 * @param {string} url
 * @param {(run: WireRun) => void} onRun
 */
export function followRun(url, onRun) {
  const source = new EventSource(url);
  source.addEventListener('message', ({ data }) => onRun(JSON.parse(data)));
  source.addEventListener('end', () => source.close());
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return;
    window.setTimeout(() => followRun(url, onRun), AGAIN_MS);
  });
}

/**
 * Shows the state of the run in the page's head, and says it when it is another one.
 *
 * @param {WireRun} run
 * @param {WireRun} before
 */
export function showRun(run, before) {
  const [title, verdict] = [document.getElementById('title'), document.getElementById('verdict')];
  if (title !== null) title.textContent = run.title;
  setTone(document.body, run);
  setTone(verdict, run);
  setIcon(verdict?.querySelector('.icon') ?? null, run.icon);
  const word = verdict?.querySelector('span');
  if (word) word.textContent = run.word;
  document.title = document.title.replace(before.title, () => run.title);
  const failed = run.steps.find(({ state }) => state === 'failed');
  const facts = document.querySelector('.facts');
  if (failed !== undefined && facts !== null && facts.querySelector('a[href$="-end"]') === null) {
    const href = `#${encodeURIComponent(failed.slug)}-end`;
    facts.append(make('li', {}, [make('a', { href }, ['Go to the failure'])]));
  }
  const announcement = document.getElementById('announcement');
  if (announcement !== null && run.word !== before.word) {
    announcement.textContent = `${run.word}: ${run.title}`;
  }
}

/**
 * @param {WireRun} run
 * @param {number} now
 */
export function showRunTime({ startedAt, finishedAt }, now) {
  const took = document.getElementById('took');
  if (took !== null && startedAt !== undefined) {
    took.textContent = durationText((finishedAt ?? now) - startedAt);
  }
}
