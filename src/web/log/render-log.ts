import type { LogMark } from '../../core/log-marks.ts';
import { type Html, html } from '../html.ts';
import type { LinePart } from '../wire.ts';
import { timeOfLine } from './find-mark.ts';
import { lineParts } from './line-parts.ts';
import type { LogLine } from './log-lines.ts';
import { MOST_DEPTH, readMarker } from './scan-log.ts';

export interface RenderLogOptions {
  /** Begins the lines' anchors: line 14 of `test` is `#test-L14`. */
  readonly slug: string;
  /** Opens groups inside groups too; the outer ones are the step's commands and always open. */
  readonly openGroups: boolean;
  /** When lines were written. */
  readonly marks: readonly LogMark[];
}

/**
 * A log's lines as markup, a piece for each line. `::group::title` and `::endgroup::` lines, GitHub's own markers, become folds.
 * Whatever the markers do, every fold is closed at the end.
 */
export async function* renderLog(
  lines: AsyncIterable<LogLine>,
  options: RenderLogOptions,
): AsyncGenerator<Html> {
  const open: OpenGroups = { depth: 0, ignored: 0 };
  for await (const line of lines) {
    const marker = readMarker(line.text);
    const meaning = marker === null ? 'text' : enter(open, marker === 'end');
    if (meaning === 'begin' && marker !== null && marker !== 'end') {
      yield groupStart(line, marker.title, { ...options, depth: open.depth });
    } else if (meaning === 'end') yield GROUP_END;
    else if (meaning === 'text') yield textLine(line, options);
  }
  for (; open.depth > 0; open.depth--) yield GROUP_END;
}

interface OpenGroups {
  depth: number;
  /** Groups too deep in others are lines like any other. */
  ignored: number;
}

function enter(open: OpenGroups, isEnd: boolean): 'begin' | 'end' | 'text' | 'nothing' {
  if (isEnd ? open.ignored > 0 : open.depth === MOST_DEPTH) {
    open.ignored += isEnd ? -1 : 1;
    return 'text';
  }
  if (isEnd && open.depth === 0) return 'nothing';
  open.depth += isEnd ? -1 : 1;
  return isEnd ? 'end' : 'begin';
}

const GROUP_END = html`</div></details>`;

function groupStart(
  line: LogLine,
  title: string,
  { openGroups, depth, ...options }: RenderLogOptions & { readonly depth: number },
): Html {
  const open = openGroups || depth === 1;
  return html`<details class="group"${open && html` open`}><summary class="line" id="${options.slug}-L${line.number}"><span class="number">${line.number}</span>${timeOf(line, options)}<span class="text">${title}${droppedNote(line)}</span></summary><div>`;
}

function textLine(line: LogLine, options: RenderLogOptions): Html {
  return html`<div class="line" id="${options.slug}-L${line.number}"><a class="number" href="#${encodeURIComponent(options.slug)}-L${line.number}">${line.number}</a>${timeOf(line, options)}<span class="text">${lineParts(line.text).map(linePart)}${droppedNote(line)}</span></div>
`;
}

/** The classes are ours alone: see line-parts.ts. */
function linePart(part: LinePart): Html {
  return typeof part === 'string' ? html`${part}` : html`<span class="${part[1]}">${part[0]}</span>`;
}

function timeOf({ number }: LogLine, { marks }: Pick<RenderLogOptions, 'marks'>): Html | false {
  const at = timeOfLine(marks, number);
  if (at === null) return false;
  const iso = new Date(at).toISOString();
  return html`<time class="at" datetime="${iso}" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${iso.slice(11, 19)}</time>`;
}

function droppedNote({ droppedBytes }: LogLine): Html | false {
  return (
    droppedBytes > 0 &&
    html` <em class="note">… this line goes on for ${droppedBytes.toLocaleString('en')} bytes, see the raw log</em>`
  );
}
