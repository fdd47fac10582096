import { z } from 'zod';
import { accept, type Reading, refuse } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { tellTooMany, WHENEVER_MAP } from './checks.ts';
import { type EditorHints, scalar } from './scalar.ts';

/** A list, or one item without its list. */
export function listOf<T>(item: z.ZodType<T, string>, expected: string, most: number = LIMITS.entries) {
  return z.union([item.transform((value): T[] => [value]), plainList(item, expected, most)], {
    error: expected,
  });
}

/** A list that may be empty, which says "none" as `off` does. */
export function plainList<T>(item: z.ZodType<T>, expected: string, most: number = LIMITS.entries) {
  return z.array(item, { error: expected }).max(most, { error: `at most ${most}` });
}

/** A list with at least one item. */
export function fullList<T>(item: z.ZodType<T, string>, expected: string, most: number = LIMITS.entries) {
  return plainList(item, expected, most).min(1, { error: expected });
}

/** A map of names to texts: numbers and booleans are taken as they are written. */
export function textMap(
  name: (text: string) => Reading<string>,
  expected: string,
  hints: { name?: EditorHints } = {},
) {
  const value = scalar(readText, 'text, a number or a boolean');
  return z
    .record(scalar(name, 'a name', { type: 'string', ...hints.name }), value, { error: expected })
    .superRefine((map, context) => tellTooMany(map, context, LIMITS.entries, 'entries'), WHENEVER_MAP);
}

/** Any text that an environment variable can hold. */
export function readText(text: string): Reading<string> {
  return text.includes('\0') ? refuse('bad-character', 'The text contains a NUL character') : accept(text);
}

/** A shell command or script of one line or more. */
export function readCommand(text: string): Reading<string> {
  return text.trim() === '' ? refuse('empty-value', 'The command is empty') : readText(text);
}
