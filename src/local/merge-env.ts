import type { EnvVar } from '../core/pipeline/pipeline-run.ts';

/**
 * A step's variables and those of its template in Tekton's order, which decides which value may name which: a template's variable comes
 * before a step's only if the step overrides a later one of the template. So what a step begins with must be its own.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/util/strategicpatch/patch.go, mergeSortedSlice
 */
export function mergeEnv(own: readonly EnvVar[], template: readonly EnvVar[]): readonly EnvVar[] {
  const order = template.map(({ name }) => name);
  const rest = template.filter(({ name }) => own.every((entry) => entry.name !== name));
  const merged: EnvVar[] = [];
  for (const entry of own) {
    const at = order.indexOf(entry.name);
    while (rest[0] !== undefined && order.indexOf(rest[0].name) < at) merged.push(...rest.splice(0, 1));
    merged.push(entry);
  }
  return [...merged, ...rest];
}
