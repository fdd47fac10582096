import type { OperatorSettings } from './settings.ts';

/** Every namespace that runs are made in, each once; that of repositories without one of their own first. */
export function namespacesOf({ namespace, repositories }: OperatorSettings): readonly string[] {
  const own = repositories.flatMap(({ overrides }) => overrides.namespace ?? []);
  return [...new Set([namespace, ...own])];
}
