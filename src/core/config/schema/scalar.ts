import { z } from 'zod';
import type { Reading } from '../finding.ts';
import { tell } from './checks.ts';

/** Keywords of the published JSON schema where zod's own are not what editors need: they see numbers and booleans. */
export type EditorHints = Readonly<Record<string, unknown>>;

/** What an editor sees where any text will do. */
const ANY_SCALAR = ['string', 'number', 'boolean'];

/** What an editor sees where `true` and `false` are refused. */
export const NO_BOOLEAN: EditorHints = { type: ['string', 'number'] };

/** One word, number or text of the file, given to schemas as its source text. `expected` is said when it is no scalar. */
export function scalar<T>(read: (text: string) => Reading<T>, expected: string, hints: EditorHints = {}) {
  return z
    .string({ error: expected })
    .transform((text, context): T => {
      const reading = read(text);
      if (reading.ok) return reading.value;
      const isEmpty = text.trim() === '';
      const empty = { code: 'empty-value', message: 'The text is empty', expected } as const;
      tell(context, isEmpty ? empty : reading.refusal);
      return z.NEVER;
    })
    .meta({ json: { type: ANY_SCALAR, ...hints } });
}

/** A map with exactly these keys. */
export function closedMap<const Shape extends z.ZodRawShape>(shape: Shape, expected: string) {
  // An issue of zod does not carry the known keys, so its message does; finding-of-issue.ts reads it.
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : expected) });
}

/** Attaches what editors show of a key. */
export function described<S extends z.ZodType>(schema: S, description: string, hints: EditorHints = {}): S {
  const own = schema.meta()?.json as EditorHints | undefined; // only `scalar` puts something there
  const json = { ...own, ...hints, description };
  return schema.meta({ json });
}
