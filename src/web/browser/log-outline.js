/** @import { WireExtent, WireGroup, WireOutline } from '../wire.ts' */
/** @import { Rows } from './rows.js' */

import { makeRows } from './rows.js';

/**
 * How long a log is, which groups it has, and which of them are folded.
 *
 * @typedef {object} LogOutline
 * @property {() => Promise<void>} read
 * @property {(extent: WireExtent) => boolean} differs
 * @property {(extent: WireExtent) => Promise<void>} grow
 * @property {() => WireExtent} extent
 * @property {() => Rows} rows
 * @property {(group: WireGroup) => boolean} isFolded
 * @property {(from: number) => void} toggle
 * @property {(line: number) => void} unfoldAround
 * @property {(on: boolean) => void} foldAll
 */

/**
 * @param {string} url
 * @param {() => boolean} mayFold false while somebody reads a log that goes on: nothing folds under their eyes
 * @returns {LogOutline}
 */
export function createLogOutline(url, mayFold) {
  /** @type {WireOutline} */
  let outline = { lines: 0, bytes: 0, markers: 0, groups: [] };
  /** @type {Set<number>} */
  const folded = new Set();
  /** @type {Set<number>} those that have ended, and were folded or not for it */
  const settled = new Set();
  let rows = makeRows(0, [], folded);

  function layOut() {
    rows = makeRows(outline.lines, outline.groups, folded);
  }

  /** Commands that have ended well fold, but for one that is all there is. */
  function foldEnded() {
    for (const { from, to } of outline.groups) {
      if (to === null || settled.has(from) || outline.groups.length === 1) continue;
      settled.add(from);
      if (mayFold()) folded.add(from);
    }
  }

  async function read() {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    outline = await response.json();
    foldEnded();
    layOut();
  }

  return {
    read,
    rows: () => rows,
    extent: () => outline,
    isFolded: ({ from }) => folded.has(from),
    differs: ({ lines, bytes }) => lines !== outline.lines || bytes !== outline.bytes,
    async grow(extent) {
      const regrouped = extent.markers !== outline.markers;
      outline = { ...outline, ...extent };
      layOut();
      if (regrouped) await read();
    },
    toggle(from) {
      if (!folded.delete(from)) folded.add(from);
      layOut();
    },
    unfoldAround(line) {
      for (const { from } of rows.around(line)) folded.delete(from);
      layOut();
    },
    foldAll(on) {
      folded.clear();
      if (on) for (const { from } of outline.groups) folded.add(from);
      layOut();
    },
  };
}
