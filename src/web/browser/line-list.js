/** @import { Row, Rows } from './rows.js' */

import { createStickyHeading, firstBelow } from './sticky-heading.js';
import { make } from './text.js';

/** As the stylesheet has it, in CSS pixels. */
const ROW_HEIGHT = 20;
/** No browser can scroll through much more: https://bugzilla.mozilla.org/show_bug.cgi?id=992183 */
const MOST_HEIGHT = 15_000_000;
/** So many rows are simply all there. */
const FEW_ROWS = 300;
const ROWS_AROUND = 10;

/**
 * A box in which any number of rows scrolls, of which only those in view are there. Where the box has been scrolled to a share of its
 * way, the row at that share of all rows stands at that share of the box: true of rows of any height, and of more rows than pixels.
 *
 * @typedef {object} LineList
 * @property {HTMLElement} box
 * @property {(rows: Rows) => void} setRows
 * @property {(row: number) => void} scrollTo shows a row, near the middle of the box
 * @property {() => void} scrollToEnd
 * @property {() => boolean} isAtEnd
 * @property {() => Row | null} middle
 * @property {() => void} redraw makes all rows anew
 * @property {() => void} draw
 */

/**
 * @param {object} options
 * @param {string} options.label
 * @param {(row: Row) => HTMLElement} options.render
 * @param {(row: Row) => unknown} options.version another one: the row is made anew
 * @param {(from: Row, to: Row) => void} options.onView told of the rows that are drawn
 * @param {() => void} options.onScroll
 * @param {(row: Row) => Row | null} options.headingOf of the group that a row is in
 * @returns {LineList}
 */
export function createLineList({ label, render, version, onView, onScroll, headingOf }) {
  const slice = make('div', { class: 'slice' });
  const sizer = make('div', { class: 'sizer' }, [slice]);
  const sticky = createStickyHeading(render);
  const box = make('div', { class: 'log live', role: 'region', 'aria-label': label, tabindex: '0' }, [
    sticky.element,
    sizer,
  ]);
  /** @type {Map<number, { element: HTMLElement, version: unknown }>} */
  const drawn = new Map();
  /** @type {Rows | null} */
  let rows = null;
  let frame = 0;
  /** @type {Row[]} */
  let drawnRows = [];

  const isSmall = () => rows === null || rows.count <= FEW_ROWS;

  /** @param {Rows} all */
  function range(all) {
    if (isSmall()) return { first: 0, last: all.count, anchor: 0, share: 0 };
    const view = box.clientHeight;
    const share = Math.min(1, Math.max(0, box.scrollTop / Math.max(1, box.scrollHeight - view)));
    const anchor = share * all.count;
    const inView = view / ROW_HEIGHT;
    const first = Math.max(0, Math.floor(anchor - share * inView) - ROWS_AROUND);
    const last = Math.min(all.count, Math.ceil(anchor + (1 - share) * inView) + ROWS_AROUND);
    return { first, last, anchor, share };
  }

  /** @param {Row} row */
  function elementOf(row) {
    const known = drawn.get(row.line);
    const now = version(row);
    if (known !== undefined && known.version === now) return known.element;
    const element = render(row);
    // The reader's place among the buttons outlives their replacement.
    const focused = known?.element.contains(document.activeElement) ? document.activeElement : null;
    known?.element.replaceWith(element);
    if (focused !== null) {
      const again = element.querySelector(focused.tagName);
      if (again instanceof HTMLElement) again.focus({ preventScroll: true });
    }
    drawn.set(row.line, { element, version: now });
    return element;
  }

  /** @param {Row[]} wanted */
  function place(wanted) {
    const elements = wanted.map(elementOf);
    const kept = new Set(elements);
    for (const [line, { element }] of drawn) {
      if (kept.has(element)) continue;
      // Keys go on scrolling when the row that had the focus is out of view.
      if (element.contains(document.activeElement)) box.focus({ preventScroll: true });
      element.remove();
      drawn.delete(line);
    }
    elements.forEach((element, index) => {
      const there = slice.children[index] ?? null;
      if (there !== element) slice.insertBefore(element, there);
    });
  }

  function draw() {
    frame = 0;
    if (rows === null || !box.isConnected || box.clientHeight === 0) return;
    const { first, last, anchor, share } = range(rows);
    const wanted = rowsBetween(rows, first, last);
    place(wanted);
    drawnRows = wanted;
    align(rows, { first, anchor, share });
    const [from, to] = [wanted[0], wanted.at(-1)];
    if (from !== undefined && to !== undefined) onView(from, to);
    const top = wanted[firstBelow(slice.children, box.getBoundingClientRect().top + 1)];
    const isAtTop = box.scrollTop <= 0 || top === undefined;
    sticky.show(isAtTop ? null : headingOf(top));
  }

  /** @param {Rows} all @param {{ first: number, anchor: number, share: number }} place */
  function align(all, { first, anchor, share }) {
    if (isSmall()) {
      slice.style.transform = '';
      return;
    }
    const row = Math.min(all.count - 1, Math.floor(anchor));
    const element = slice.children[row - first];
    if (!(element instanceof HTMLElement)) return;
    const at = element.offsetTop + (anchor - row) * element.offsetHeight;
    slice.style.transform = `translateY(${Math.round(box.scrollTop + share * box.clientHeight - at)}px)`;
  }

  function resize() {
    box.classList.toggle('long', !isSmall());
    sizer.style.height = isSmall() ? '' : `${Math.min(MOST_HEIGHT, (rows?.count ?? 0) * ROW_HEIGHT)}px`;
  }

  const later = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const furthest = () => box.scrollHeight - box.clientHeight;

  box.addEventListener('scroll', () => {
    onScroll();
    later();
  });
  new ResizeObserver(later).observe(box);

  return {
    box,
    setRows(given) {
      rows = given;
      resize();
      draw();
    },
    scrollTo(row) {
      if (isSmall()) {
        const element = slice.children[row];
        if (element instanceof HTMLElement) box.scrollTop = element.offsetTop - box.clientHeight / 2;
      } else {
        box.scrollTop = ((row + 0.5) / Math.max(1, rows?.count ?? 1)) * furthest();
      }
      draw();
    },
    scrollToEnd() {
      box.scrollTop = furthest();
      draw();
    },
    middle() {
      const { top, height } = box.getBoundingClientRect();
      return drawnRows[firstBelow(slice.children, top + height / 2)] ?? null;
    },
    isAtEnd: () => furthest() - box.scrollTop < 1.5 * ROW_HEIGHT,
    redraw() {
      for (const entry of drawn.values()) entry.version = Number.NaN;
      later();
    },
    draw: later,
  };
}

/**
 * @param {Rows} rows
 * @param {number} first
 * @param {number} last which is no more among them
 */
function rowsBetween(rows, first, last) {
  /** @type {Row[]} */
  const between = [];
  for (let row = first; row < last; row++) {
    const at = rows.at(row);
    if (at !== null) between.push(at);
  }
  return between;
}
