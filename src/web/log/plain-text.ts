/** How Control Sequences begin, those that give colours, and all: ECMA-48, sections 5.4 and 8.3.117. */
const CSI = String.raw`(?:\x1b\[|\x9b)`;
const COLOUR_SEQUENCE = new RegExp(`^${CSI}[\\d;]*m$`);
const CONTROL_SEQUENCE = String.raw`${CSI}[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]`;
/** Texts for the terminal alone, such as titles and links (OSC 8), as far as they have an end. */
const CONTROL_STRING = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)`;
const ESCAPE = String.raw`\x1b[\x20-\x2f]*[\x30-\x7e]?`;
const ANY_SEQUENCE = new RegExp(`${CONTROL_SEQUENCE}|${CONTROL_STRING}|${ESCAPE}`, 'g');
/** What they begin with. */
const BEGINNINGS = String.raw`\x1b\x90\x98\x9b\x9d-\x9f`;
const HAS_SEQUENCE = new RegExp(`[${BEGINNINGS}]`);

/** What a terminal would be left with, without its colours: escape sequences go, and a carriage return starts the line anew. */
export function plainText(line: string): string {
  return lastDrawn(withoutSequences(line, () => ''));
}

/** The same, but sequences that give colours stay, each as `ESC [ … m`. */
export function colouredText(line: string): string {
  const colours = withoutSequences(line, (sequence) =>
    COLOUR_SEQUENCE.test(sequence) ? sequence.replace('\u{9b}', '\u{1b}[') : '',
  );
  return lastDrawn(colours);
}

function withoutSequences(line: string, keep: (sequence: string) => string): string {
  return HAS_SEQUENCE.test(line) ? line.replace(ANY_SEQUENCE, keep) : line;
}

/** What was drawn over goes; colours that were set before stay set in a terminal, but belong to what is gone. */
function lastDrawn(text: string): string {
  if (!text.includes('\r')) return text;
  const drawn = text.split('\r');
  return drawn.findLast((part) => withoutSequences(part, () => '') !== '') ?? '';
}
