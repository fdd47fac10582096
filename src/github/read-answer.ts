import type { z } from 'zod';

/**
 * What we use of an answer, checked: proxies and outages answer 200 with other things than GitHub's. Rejects with an
 * ordinary error that names the fields, never their values.
 */
export function readAnswer<T>(schema: z.ZodType<T>, data: unknown, asked: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole answer');
  throw new Error(`GitHub's answer to ${asked} is not what it documents: ${[...new Set(fields)].join(', ')}`);
}
