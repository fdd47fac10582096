import { z } from 'zod';
import type { Reading } from '../finding.ts';
import { tell } from './checks.ts';

/** How the published JSON schema describes a value, where that is not what zod derives: editors see numbers and booleans. */
export interface EditorHints {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly (string | boolean | number)[];
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

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
      tell(context, reading.refusal);
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

/** Attaches what the editor shows; `description` is Markdown-free prose. */
export function described<S extends z.ZodType>(schema: S, description: string, hints: EditorHints = {}): S {
  const json = { ...(schema.meta()?.json as EditorHints | undefined), ...hints, description };
  return schema.meta({ json });
}
