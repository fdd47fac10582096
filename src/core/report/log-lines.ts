export interface LineReader {
  /** Takes the next piece of the log, cut between any two characters. */
  push(text: string): void;
  /** Tells of a last line without an end. */
  end(): void;
}

export interface LineReaderOptions {
  /** Characters of a line that are kept; the rest becomes `…`. */
  readonly longest: number;
}

/**
 * Reads a log's lines as a terminal shows them: without colours and other control characters, and without what a carriage return
 * overwrote. It does not matter how the log is cut.
 */
export function createLineReader({ longest }: LineReaderOptions, take: (line: string) => void): LineReader {
  let place: Place = 'text';
  let line = '';
  let returned = false;
  const finish = () => {
    take(shorten(line, longest));
    place = 'text';
    line = '';
    returned = false;
  };
  const show = (text: string) => {
    if (returned) line = '';
    returned = false;
    if (line.length <= longest) line += text.length > longest + 1 ? text.slice(0, longest + 1) : text;
  };
  const read = (character: string) => {
    const before = place;
    place = NEXT_PLACE[before](character);
    if (before !== 'text' || place !== 'text') return;
    if (character === '\r') returned = true;
    else if (!isControl(character)) show(character);
  };
  const readPiece = (piece: string) => {
    if (piece === '') return;
    // Most lines are plain, and many: a log may have a million.
    if (place === 'text' && !HAS_CONTROL.test(piece)) show(piece);
    else for (const character of piece) read(character);
  };
  return {
    push(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        readPiece(text.slice(from, at));
        finish();
        from = at + 1;
      }
      readPiece(text.slice(from));
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
const HAS_CONTROL = /[^\P{Cc}\t]/u;

/** The same, of one character. */
function isControl(character: string): boolean {
  return (character < ' ' && character !== '\t') || (character >= '\u007F' && character <= '\u009F');
}

/** Never cuts a pair of surrogates. */
export function shorten(line: string, longest: number): string {
  if (line.length <= longest) return line;
  return `${line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
