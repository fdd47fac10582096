/** Lines kept of a log's beginning and of its end when it is too long to show. */
const FIRST = 10;
const LAST = 25;

/** One line longer than this is cut: a check is read by people. */
const LINE_LENGTH = 400;

export interface ExcerptBuilder {
  /** Takes the next piece of the log, in any cut. */
  push(text: string): void;
  end(): string;
}

/**
 * The lines of a log that a person wants to see first, of a log of any length: all of a short one, else its first ten
 * and last twenty-five. Group markers, colours and other control characters are left out.
 */
export function createExcerpt(): ExcerptBuilder {
  const first: string[] = [];
  let last: string[] = [];
  let left = 0;
  let rest = '';
  const take = (raw: string) => {
    const line = readable(raw);
    if (line === null) return;
    if (first.length < FIRST) {
      first.push(line);
      return;
    }
    last.push(line);
    if (last.length >= 2 * LAST) {
      left += last.length - LAST;
      last = last.slice(-LAST);
    }
  };
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, 4 * LINE_LENGTH);
      lines.forEach(take);
    },
    end() {
      if (rest !== '') take(rest);
      const hidden = left + Math.max(0, last.length - LAST);
      const note = hidden === 0 ? [] : [`… ${hidden} lines …`];
      return [...first, ...note, ...last.slice(-LAST)].join('\n');
    },
  };
}

function readable(raw: string): string | null {
  if (raw.startsWith('::endgroup::')) return null;
  const line = raw
    .replace(/^::group::/, '$ ')
    .replace(ESCAPE_SEQUENCES, '')
    .replace(/^.*\r(?=.)/, '')
    .replace(CONTROL_CHARACTERS, '');
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line;
}

const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** ECMA-48 control sequences and operating system commands (links, titles). */
const ESCAPE_SEQUENCES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?|.)`,
  'g',
);
const CONTROL_CHARACTERS = /(?!\t)\p{Cc}/gu;
