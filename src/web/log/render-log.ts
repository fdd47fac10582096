import { type Html, html } from '../html.ts';
import type { LogLine } from './log-lines.ts';
import { plainText } from './plain-text.ts';

export interface RenderLogOptions {
  /** Begins the lines' anchors: line 14 of `test` is `#test-L14`. */
  readonly slug: string;
  /** Opens groups inside groups too; the outer ones are the step's commands and always open. */
  readonly openGroups: boolean;
}

/**
 * A log's lines as markup, a piece for each line. `::group::title` and `::endgroup::` lines, GitHub's own markers, become folds.
 * Whatever the markers do, every fold is closed at the end.
 */
export async function* renderLog(
  lines: AsyncIterable<LogLine>,
  options: RenderLogOptions,
): AsyncGenerator<Html> {
  let depth = 0;
  for await (const line of lines) {
    const text = plainText(line.text);
    if (text.startsWith('::group::')) {
      if (depth === MAX_DEPTH) yield GROUP_END;
      else depth += 1;
      yield groupStart(line, text.slice('::group::'.length), { ...options, depth });
    } else if (text.trimEnd() === '::endgroup::') {
      if (depth > 0) yield GROUP_END;
      depth = Math.max(0, depth - 1);
    } else {
      yield textLine(line, text, options.slug);
    }
  }
  for (; depth > 0; depth--) yield GROUP_END;
}

/** Deeper folds say nothing to a reader, and a hostile log could make a browser run out of stack. */
const MAX_DEPTH = 4;

const GROUP_END = html`</div></details>`;

function groupStart(
  line: LogLine,
  title: string,
  { slug, openGroups, depth }: RenderLogOptions & { readonly depth: number },
): Html {
  const open = openGroups || depth === 1;
  return html`<details class="group"${open && html` open`}><summary class="line" id="${slug}-L${line.number}">${lineNumber(slug, line)}<span class="text">${title || 'group'}${droppedNote(line)}</span></summary><div>`;
}

function textLine(line: LogLine, text: string, slug: string): Html {
  return html`<div class="line" id="${slug}-L${line.number}">${lineNumber(slug, line)}<span class="text">${text}${droppedNote(line)}</span></div>
`;
}

function lineNumber(slug: string, { number }: LogLine): Html {
  return html`<a class="number" href="#${encodeURIComponent(slug)}-L${number}">${number}</a>`;
}

function droppedNote({ droppedBytes }: LogLine): Html | false {
  return (
    droppedBytes > 0 &&
    html` <em class="note">… this line goes on for ${droppedBytes.toLocaleString('en')} bytes, see the raw log</em>`
  );
}
