import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const CPU = 'a number of cores such as `2`, `0.5` or `500m`';
export const MEMORY = 'a size such as `512Mi` or `2Gi`';

export const CPU_PATTERN = '^\\d+(?:\\.\\d+)?m?$';
export const MEMORY_PATTERN = '^\\d+(?:\\.\\d+)?(?:[kMGT]|[KMGT]i)?$';

/** A Kubernetes quantity of cores, as written. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function readCpu(text: string): Reading<string> {
  return readQuantity(text, new RegExp(CPU_PATTERN), 'an amount of cpu', CPU);
}

/** A Kubernetes quantity of bytes, as written. Milli-bytes, which Kubernetes would take, are always a mistake. */
export function readMemory(text: string): Reading<string> {
  return readQuantity(text, new RegExp(MEMORY_PATTERN), 'an amount of memory', MEMORY);
}

function readQuantity(text: string, pattern: RegExp, what: string, expected: string): Reading<string> {
  const isPositive = /[1-9]/.test(text);
  return pattern.test(text) && isPositive && text.length <= 20
    ? accept(text)
    : refuse('bad-quantity', `${quoted(text)} is not ${what}`, { expected });
}
