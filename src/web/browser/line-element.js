/** @import { WireGroup, WireLine, WireStep } from '../wire.ts' */
/** @import { Row } from './rows.js' */

import { formatAnchor } from './anchor.js';
import { clockText, make, secondsText } from './text.js';

/**
 * A row of a log, made of text alone.
 *
 * @param {Row} row
 * @param {WireLine | undefined} line undefined while it is not here
 * @param {{ step: WireStep, isFolded: boolean }} options
 */
export function lineElement(row, line, { step, isFolded }) {
  const anchor = formatAnchor({ slug: step.slug, from: row.line, to: row.line });
  // Not one by one on the way of the Tab key: a key of its own picks a line.
  const number = make('a', { class: 'number', href: anchor, tabindex: '-1', 'data-line': String(row.line) }, [
    String(row.line),
  ]);
  const element = make('div', { class: `line depth-${Math.min(4, row.depth)}` }, [number]);
  element.append(timeOfLine(line));
  if (row.group === null) element.append(textOfLine(line));
  else element.append(...headingParts(row.group, isFolded, step));
  element.classList.toggle('heading', row.group !== null);
  return element;
}

/** @param {WireLine | undefined} line */
function timeOfLine(line) {
  const at = line?.at;
  if (at === undefined || at === null) return make('time', { class: 'at' });
  const date = new Date(at);
  return make('time', { class: 'at', datetime: date.toISOString(), title: date.toLocaleString() }, [
    clockText(at),
  ]);
}

/** @param {WireLine | undefined} line */
function textOfLine(line) {
  const text = make('span', { class: 'text' });
  for (const part of line?.parts ?? []) {
    text.append(typeof part === 'string' ? part : make('span', { class: part[1] }, [part[0]]));
  }
  if (line?.dropped !== undefined) {
    const note = ` … this line goes on for ${line.dropped.toLocaleString('en')} bytes, see the raw log`;
    text.append(make('em', { class: 'note' }, [note]));
  }
  return text;
}

/**
 * @param {WireGroup} group
 * @param {boolean} isFolded
 * @param {WireStep} step whose end is that of a command that did not end by itself
 */
function headingParts({ from, to, title, startedAt, endedAt }, isFolded, { state, exitCode, finishedAt }) {
  const button = make('button', { type: 'button', class: 'text', 'data-group': String(from) }, [title]);
  button.setAttribute('aria-expanded', String(!isFolded));
  const failed = to === null && state === 'failed' && exitCode !== undefined;
  const exit = failed ? [make('span', { class: 'exit bad' }, [`exit code ${exitCode}`])] : [];
  const end = to === null ? finishedAt : endedAt;
  const isKnown = startedAt !== null && end !== null && end !== undefined;
  return [button, ...exit, make('span', { class: 'cost' }, isKnown ? [secondsText(end - startedAt)] : [])];
}
