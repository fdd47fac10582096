import Anser from 'anser';
import { visibleText } from '../html.ts';
import type { LinePart } from '../wire.ts';
import { ansiColour } from './ansi-colour.ts';
import { colouredText } from './plain-text.ts';

/** Neither `blink`, which nobody can read, nor `hidden`, which would hide what was written. */
const DECORATIONS = ['bold', 'dim', 'italic', 'underline', 'strikethrough'] as const;

/**
 * A line of a log as pieces of text with the stylesheet's classes, and nothing else: no escape sequence, no invisible character. A line
 * begins without a colour, so that it looks the same wherever reading begins.
 */
export function lineParts(line: string): LinePart[] {
  const text = colouredText(line);
  if (!text.includes('\u{1b}')) return text === '' ? [] : [visibleText(text)];
  const parts: LinePart[] = [];
  for (const entry of Anser.ansiToJson(text, { json: true, use_classes: true })) {
    if (entry.content === '') continue;
    const content = visibleText(entry.content);
    const classes = classesOf(entry);
    parts.push(classes === '' ? content : [content, classes]);
  }
  return parts;
}

function classesOf(entry: ReturnType<typeof Anser.ansiToJson>[number]): string {
  const decorations = new Set<string>(entry.decorations);
  const fore = ansiColour(entry.fg, entry.fg_truecolor);
  const back = ansiColour(entry.bg, entry.bg_truecolor);
  const [text, behind] = decorations.has('reverse') ? [back, fore ?? 'plain'] : [fore, back];
  return [
    // A colour behind brings the one legible on it.
    behind !== null && `back-${behind}`,
    behind === null && text !== null && text !== 'plain' && `fore-${text}`,
    ...DECORATIONS.filter((name) => decorations.has(name)),
  ]
    .filter((name) => name !== false)
    .join(' ');
}
