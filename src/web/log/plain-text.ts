import { stripVTControlCharacters } from 'node:util';

/** What a terminal would be left with, without its colours: escape sequences go, and a carriage return starts the line anew. */
export function plainText(line: string): string {
  const text = line.includes('\u{1b}') || line.includes('\u{9b}') ? stripVTControlCharacters(line) : line;
  if (!text.includes('\r')) return text;
  return text.split('\r').findLast((drawn) => drawn !== '') ?? '';
}
