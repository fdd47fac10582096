/** Lines kept of a log's beginning and of its end when it is too long to show. */
const FIRST = 10;
const LAST = 25;

/** One line longer than this is cut: a check is read by people. */
const LINE_LENGTH = 400;

export interface ExcerptBuilder {
  /** Takes the next piece of the log, cut between any two characters. */
  push(text: string): void;
  end(): string;
}

/**
 * The lines of a log that a person wants to see first, of a log of any length: all of a short one, else its first ten
 * and last twenty-five. Group markers, colours and other control characters are left out, and what a carriage return
 * overwrote.
 */
export function createExcerpt(): ExcerptBuilder {
  const first: string[] = [];
  let last: string[] = [];
  let left = 0;
  const reader = createLineReader((line) => {
    if (line.startsWith('::endgroup::')) return;
    const shown = line.replace(/^::group::/, '$ ');
    if (first.length < FIRST) {
      first.push(shown);
      return;
    }
    last.push(shown);
    if (last.length >= 2 * LAST) {
      left += last.length - LAST;
      last = last.slice(-LAST);
    }
  });
  return {
    push: reader.push,
    end() {
      reader.end();
      const hidden = left + Math.max(0, last.length - LAST);
      const note = hidden === 0 ? [] : [`… ${hidden} lines …`];
      return [...first, ...note, ...last.slice(-LAST)].join('\n');
    },
  };
}

interface LineReader {
  push(text: string): void;
  end(): void;
}

/** Reads a log as a terminal shows it, character by character, so that it does not matter how the log is cut. */
function createLineReader(take: (line: string) => void): LineReader {
  let place: Place = 'text';
  let line = '';
  let returned = false;
  const finish = () => {
    take(shorten(line));
    place = 'text';
    line = '';
    returned = false;
  };
  const show = (character: string) => {
    if (returned) line = '';
    returned = false;
    if (line.length <= LINE_LENGTH) line += character;
  };
  const read = (character: string) => {
    const before = place;
    place = NEXT_PLACE[before](character);
    if (before !== 'text' || place !== 'text') return;
    if (character === '\r') returned = true;
    else if (!isControl(character)) show(character);
  };
  return {
    push(text) {
      for (const character of text) {
        if (character === '\n') finish();
        else read(character);
      }
    },
    end() {
      if (line !== '') finish();
    },
  };
}

/** In text, or inside a control function of ECMA-48: `ESC [ 3 1 m` (colours), `ESC ] … BEL` (links, titles), `ESC ( B`. */
type Place = 'text' | 'escape' | 'sequence' | 'command' | 'command-escape';

const ESCAPE = '\u001B';
const BELL = '\u0007';

const NEXT_PLACE: Readonly<Record<Place, (character: string) => Place>> = {
  text: (character) => (character === ESCAPE ? 'escape' : 'text'),
  escape: (character) => {
    if (character === '[') return 'sequence';
    if (character === ']') return 'command';
    return character >= ' ' && character <= '/' ? 'escape' : 'text';
  },
  sequence: (character) => {
    if (character === ESCAPE) return 'escape';
    return character >= ' ' && character <= '?' ? 'sequence' : 'text';
  },
  command: (character) => {
    if (character === ESCAPE) return 'command-escape';
    return character === BELL ? 'text' : 'command';
  },
  'command-escape': () => 'text',
};

/** C0 without the tab, DEL and C1. */
function isControl(character: string): boolean {
  return (character < ' ' && character !== '\t') || (character >= '\u007F' && character <= '\u009F');
}

/** Never cuts a pair of surrogates. */
function shorten(line: string): string {
  if (line.length <= LINE_LENGTH) return line;
  return `${line.slice(0, LINE_LENGTH).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
