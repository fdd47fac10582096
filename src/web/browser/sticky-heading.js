/** @import { Row } from './rows.js' */

import { make } from './text.js';

/**
 * The heading of the command whose lines are in view, kept above them when its own row is not.
 *
 * @typedef {object} StickyHeading
 * @property {HTMLElement} element
 * @property {(row: Row | null) => void} show
 */

/**
 * @param {(row: Row) => HTMLElement} render
 * @returns {StickyHeading}
 */
export function createStickyHeading(render) {
  // A second time the same: of use to those only who see where it stands.
  const element = make('div', { class: 'above', 'aria-hidden': 'true' });
  let shown = '';
  return {
    element,
    show(row) {
      const key = row?.group ? JSON.stringify(row.group) : '';
      if (key === shown) return;
      shown = key;
      element.replaceChildren();
      if (row === null) return;
      const heading = render(row);
      for (const part of heading.querySelectorAll('a, button')) part.setAttribute('tabindex', '-1');
      element.append(heading);
    },
  };
}

/**
 * The first of some elements that reaches below a line.
 *
 * @param {HTMLCollection} elements one below the other
 * @param {number} y in the window
 */
export function firstBelow(elements, y) {
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = elements[middle];
    if (element !== undefined && element.getBoundingClientRect().bottom <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}
