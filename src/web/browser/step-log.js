/** @import { WireExtent, WireStep } from '../wire.ts' */
/** @import { LineRange } from './anchor.js' */
/** @import { Row } from './rows.js' */

import { formatAnchor } from './anchor.js';
import { lineElement } from './line-element.js';
import { createLineList } from './line-list.js';
import { createLinePieces } from './line-pieces.js';
import { createLogOutline } from './log-outline.js';
import { createLogSearch, markText } from './log-search.js';
import { countText, make } from './text.js';

/**
 * The log of one step, in place of the part of it that came with the page.
 *
 * @typedef {object} StepLog
 * @property {() => Promise<void>} open shows it, once
 * @property {(step: WireStep) => void} update
 * @property {(range: LineRange) => Promise<void>} pick shows and marks lines
 * @property {() => void} pickInView marks the hit of the search, or the line in the middle
 * @property {() => void} unpick
 * @property {() => Promise<void>} goToEnd
 * @property {() => void} toggleFollow
 * @property {(on: boolean) => void} foldAll
 * @property {import('./log-search.js').LogSearch} search
 */

/** Lines before and after those that are to be shown. */
const LINES_AROUND = 60;

/**
 * @param {HTMLElement} element the step's
 * @param {WireStep} first
 * @param {string} url of its log
 * @returns {StepLog}
 */
export function createStepLog(element, first, url) {
  const { slug, label } = first;
  let step = first;
  /** @type {LineRange | null} */
  let picked = null;
  /** @type {Promise<void> | null} */
  let opened = null;
  let following = first.state === 'running';
  /** @type {Set<Range>} */
  const ranges = new Set();

  const outline = createLogOutline(`${url}/outline`, () => following || step.state !== 'running');
  const pieces = createLinePieces(`${url}/lines`, () => list.draw());
  const list = createLineList({
    label: `Log of ${label}`,
    render: renderRow,
    version: ({ line }) => pieces.get(line),
    headingOf,
    onView(from, to) {
      pieces.want(from.line, to.line);
      markText(list.box.querySelectorAll('.text'), search.text(), ranges);
    },
    onScroll: () => setFollowing(step.state === 'running' && list.isAtEnd()),
  });
  const search = createLogSearch({
    url: `${url}/search`,
    label,
    onChange: () => list.redraw(),
    onHit: (line) => void show(line),
  });
  const followButton = make('button', { type: 'button', class: 'follow' }, ['Follow']);

  /** @param {Row} row */
  function renderRow(row) {
    const isFolded = row.group !== null && outline.isFolded(row.group);
    const made = lineElement(row, pieces.get(row.line), { step, isFolded });
    const isPicked = picked !== null && picked.from <= row.line && row.line <= picked.to;
    made.classList.toggle('picked', isPicked);
    made.classList.toggle('hit', search.line() === row.line);
    return made;
  }

  /** @param {Row} row */
  function headingOf(row) {
    if (row.group !== null) return row;
    const group = outline.rows().around(row.line).at(-1);
    return group === undefined ? null : outline.rows().at(outline.rows().rowOf(group.from));
  }

  /** @param {boolean} on */
  function setFollowing(on) {
    following = on;
    followButton.setAttribute('aria-pressed', String(on));
    followButton.hidden = step.state !== 'running';
  }

  function layOut() {
    list.setRows(outline.rows());
    if (following) list.scrollToEnd();
  }

  function showExtent() {
    const { lines } = outline.extent();
    const note = element.querySelector('.extent');
    if (note !== null) note.textContent = countText(lines);
    const place = element.querySelector('.body > .log, .body > .empty');
    if (lines > 0 && place !== list.box) place?.replaceWith(list.box);
  }

  async function takeOver() {
    const tools = element.querySelector('.tools');
    await outline.read();
    const rows = outline.rows();
    const row = rows.at(step.state === 'succeeded' ? 0 : rows.count - 1);
    if (row !== null) await pieces.load(Math.max(1, row.line - LINES_AROUND), row.line);
    tools?.insertBefore(search.element, tools.lastElementChild);
    tools?.insertBefore(followButton, search.element);
    showExtent();
    layOut();
    setFollowing(following);
    if (step.state === 'failed') list.scrollToEnd();
  }

  /** @param {number} line */
  async function show(line) {
    setFollowing(false);
    outline.unfoldAround(line);
    const last = Math.min(outline.extent().lines, line + LINES_AROUND);
    await pieces.load(Math.max(1, line - LINES_AROUND), last).catch(() => {});
    layOut();
    list.redraw();
    list.scrollTo(outline.rows().rowOf(line));
  }

  /** @param {WireExtent} extent */
  async function grow(extent) {
    const before = outline.extent();
    if (extent.bytes < before.bytes) pieces.forget();
    else pieces.grown(Math.max(1, before.lines));
    await outline.grow(extent);
    showExtent();
    layOut();
  }

  /** @param {number} from @param {boolean} isAbove its own row is out of view */
  function toggleGroup(from, isAbove) {
    outline.toggle(from);
    setFollowing(false);
    list.redraw();
    layOut();
    if (isAbove) list.scrollTo(outline.rows().rowOf(from));
  }

  /** @param {number} line @param {boolean} further */
  function pickByHand(line, further) {
    const lines = further && picked !== null ? [picked.from, picked.to, line] : [line];
    picked = { slug, from: Math.min(...lines), to: Math.max(...lines) };
    history.replaceState(null, '', formatAnchor(picked));
    list.redraw();
  }

  function toggleFollow() {
    if (step.state !== 'running') return list.scrollToEnd();
    setFollowing(!following);
    if (following) list.scrollToEnd();
  }

  list.box.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('[data-line], [data-group]') : null;
    if (!(target instanceof HTMLElement)) return;
    const { line, group } = target.dataset;
    if (group !== undefined) toggleGroup(Number(group), target.closest('.above') !== null);
    if (line === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pickByHand(Number(line), event.shiftKey);
  });
  followButton.addEventListener('click', toggleFollow);

  return {
    search,
    toggleFollow,
    open() {
      opened ??= takeOver().catch(() => {
        // What came with the page stays; opening it again tries again.
        opened = null;
      });
      return opened;
    },
    update(next) {
      const { log } = next;
      const isOther = step.state !== next.state;
      step = next;
      if (opened === null) return;
      if (log !== undefined && outline.differs(log)) void opened.then(() => grow(log)).catch(() => {});
      if (!isOther) return;
      list.redraw();
      setFollowing(following && step.state === 'running');
    },
    async pick(range) {
      picked = range;
      await this.open();
      await show(range.from);
    },
    pickInView() {
      const line = search.line() ?? list.middle()?.line;
      if (line !== undefined) pickByHand(line, false);
    },
    async goToEnd() {
      await this.open();
      list.scrollToEnd();
    },
    unpick() {
      picked = null;
      list.redraw();
    },
    foldAll(on) {
      outline.foldAll(on);
      list.redraw();
      layOut();
    },
  };
}
