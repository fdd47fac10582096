import type { Resources } from '../config/config.ts';
import type { ComputeResources } from './pipeline-run.ts';
import { quantityValue } from './quantity.ts';

/**
 * What a task needs whose steps run one by one: the most that any of its stages asks for. `base` holds for a stage
 * that asks for nothing. Requests of cpu and memory, and a limit of memory.
 */
export function computeResources(
  base: Resources,
  stages: readonly (Resources | undefined)[],
): ComputeResources {
  const asked = stages.length === 0 ? [base] : stages.map((stage) => ({ ...base, ...stage }));
  const cpu = largest(asked.map((resources) => resources.cpu));
  const memory = largest(asked.map((resources) => resources.memory));
  return {
    requests: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) },
    ...(memory === undefined ? {} : { limits: { memory } }),
  };
}

function largest(quantities: readonly (string | undefined)[]): string | undefined {
  return quantities
    .filter((quantity) => quantity !== undefined)
    .sort((a, b) => quantityValue(b) - quantityValue(a))[0];
}
