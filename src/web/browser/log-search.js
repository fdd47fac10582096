/** @import { WireSearch } from '../wire.ts' */

import { make } from './text.js';

/**
 * The search of one log.
 *
 * @typedef {object} LogSearch
 * @property {HTMLElement} element
 * @property {() => void} focus
 * @property {(step: number) => void} go to the next hit, or by -1 to the one before
 * @property {() => string} text what is searched for, in lower case
 * @property {() => number | null} line of the current hit
 */

const PAUSE_MS = 250;

/**
 * @param {object} options
 * @param {string} options.url
 * @param {string} options.label
 * @param {() => void} options.onChange other lines are to be marked
 * @param {(line: number) => void} options.onHit
 * @returns {LogSearch}
 */
export function createLogSearch({ url, label, onChange, onHit }) {
  const input = make('input', {
    type: 'search',
    placeholder: 'Search',
    maxlength: '200',
    'aria-label': `Search the log of ${label}`,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const count = make('output', { class: 'hits', 'aria-live': 'polite' });
  const before = make('button', { type: 'button', 'aria-label': 'Previous hit', title: 'Previous (N)' }, [
    '↑',
  ]);
  const after = make('button', { type: 'button', 'aria-label': 'Next hit', title: 'Next (n)' }, ['↓']);
  const element = make('span', { class: 'search', role: 'search', 'aria-label': label }, [
    input,
    count,
    before,
    after,
  ]);
  /** @type {WireSearch} */
  let found = { lines: [], more: false };
  let current = 0;
  let searched = '';
  let timer = 0;
  let asked = new AbortController();

  function tell() {
    const many = `${found.lines.length}${found.more ? '+' : ''}`;
    count.textContent = searched === '' ? '' : found.lines.length === 0 ? 'none' : `${current + 1}/${many}`;
    before.disabled = after.disabled = found.lines.length === 0;
  }

  /** @param {number} index */
  function goTo(index) {
    current = index;
    tell();
    const line = found.lines[current];
    if (line !== undefined) onHit(line);
  }

  async function search() {
    window.clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    searched = input.value;
    found = { lines: [], more: false };
    current = 0;
    if (searched !== '') {
      count.textContent = '…';
      const response = await fetch(`${url}?q=${encodeURIComponent(searched)}`, { signal: asked.signal });
      if (response.ok) found = await response.json();
    }
    onChange();
    goTo(0);
  }

  const run = () => void search().catch(() => {});

  /** @param {number} step */
  function go(step) {
    if (input.value !== searched) return run();
    const hits = found.lines.length;
    if (hits > 0) goTo((current + step + hits) % hits);
  }

  input.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, PAUSE_MS);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    }
    if (event.key !== 'Escape') return;
    event.preventDefault();
    input.value = '';
    run();
    input.blur();
  });
  before.addEventListener('click', () => go(-1));
  after.addEventListener('click', () => go(1));
  tell();

  return {
    element,
    go,
    focus() {
      input.focus();
      input.select();
    },
    text: () => searched.toLowerCase(),
    line: () => (searched === '' ? null : (found.lines[current] ?? null)),
  };
}

/** One for all logs. https://developer.mozilla.org/docs/Web/API/CSS_Custom_Highlight_API */
const marked = 'highlights' in CSS ? new Highlight() : null;
if (marked !== null) CSS.highlights.set('found', marked);

/**
 * Marks a text wherever it stands in some lines; where the browser cannot, only the lines of hits are to be seen.
 *
 * @param {Iterable<Element>} elements
 * @param {string} text in lower case
 * @param {Set<Range>} ranges those that were marked before, which they are no more
 */
export function markText(elements, text, ranges) {
  if (marked === null) return;
  for (const range of ranges) marked.delete(range);
  ranges.clear();
  if (text === '') return;
  for (const element of elements) {
    for (const range of rangesIn(element, text)) {
      ranges.add(range);
      marked.add(range);
    }
  }
}

/** @param {Element} element @param {string} text */
function rangesIn(element, text) {
  /** @type {{ node: Node, start: number }[]} */
  const nodes = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let all = '';
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push({ node, start: all.length });
    all += node.textContent ?? '';
  }
  const lower = all.toLowerCase();
  /** @type {Range[]} */
  const ranges = [];
  // Letters whose lower case is longer would shift all that follows them.
  if (lower.length !== all.length) return ranges;
  for (let at = lower.indexOf(text); at !== -1; at = lower.indexOf(text, at + text.length)) {
    const range = document.createRange();
    const begin = nodes.findLast(({ start }) => start <= at);
    const end = nodes.findLast(({ start }) => start < at + text.length);
    if (begin === undefined || end === undefined) break;
    range.setStart(begin.node, at - begin.start);
    range.setEnd(end.node, at + text.length - end.start);
    ranges.push(range);
  }
  return ranges;
}
