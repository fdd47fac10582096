/**
 * Readers of a few fields of Kubernetes objects. A watch shows objects in every half-written state: a field that is
 * absent, null or of another kind reads as `undefined`, a list as empty, and nothing throws.
 */

/** What is found by following `path`, key by key. */
export function field(object: unknown, ...path: readonly string[]): unknown {
  let value = object;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    // An object with that key, as was just seen.
    value = (value as Record<string, unknown>)[key];
  }
  return value ?? undefined;
}

export function textField(object: unknown, ...path: readonly string[]): string | undefined {
  const value = field(object, ...path);
  return typeof value === 'string' ? value : undefined;
}

export function numberField(object: unknown, ...path: readonly string[]): number | undefined {
  const value = field(object, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** Both as text, as Kubernetes' JSON has it, and as the `Date` that its client makes of it. */
export function dateField(object: unknown, ...path: readonly string[]): Date | undefined {
  const value = field(object, ...path);
  if (typeof value !== 'string' && !(value instanceof Date)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function listField(object: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = field(object, ...path);
  return Array.isArray(value) ? value : [];
}
