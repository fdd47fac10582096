import type { z } from 'zod';
import { quoted, type Refusal } from '../finding.ts';

/** Runs a check of several keys of a map even when one of them alone is wrong, so that all problems are told at once. */
export const WHENEVER_MAP = {
  when: ({ value }: { value: unknown }) =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** The same for a check of several items of a list. */
export const WHENEVER_LIST = { when: ({ value }: { value: unknown }) => Array.isArray(value) };

/** Tells why a value is refused; `path` leads from that value to what is to blame. */
export function tell(
  context: Pick<z.RefinementCtx, 'addIssue'>,
  { message, ...params }: Refusal,
  path: (string | number)[] = [],
): void {
  context.addIssue({ code: 'custom', message, params, path });
}

/** Tells every name that stands earlier in the list already; `path` leads from an item to its name. */
export function tellDuplicates(
  names: readonly unknown[],
  context: z.RefinementCtx,
  { instead = 'keep one of the two', path = [] }: { instead?: string; path?: readonly string[] } = {},
): void {
  const seen = new Set<unknown>();
  for (const [index, name] of names.entries()) {
    if (typeof name === 'string' && seen.has(name)) {
      const message = `${quoted(name)} stands here twice`;
      tell(context, { code: 'duplicate-value', message, instead }, [index, ...path]);
    }
    seen.add(name);
  }
}

/** Tells when a map has too many entries. */
export function tellTooMany(map: object, context: z.RefinementCtx, most: number, what: string): void {
  if (Object.keys(map).length <= most) return;
  tell(context, { code: 'too-many', message: `These are more than ${most} ${what}` });
}
