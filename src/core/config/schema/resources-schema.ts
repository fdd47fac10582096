import type { Resources } from '../config.ts';
import { DURATION, DURATION_PATTERN, readDuration } from '../values/duration.ts';
import { CPU, CPU_PATTERN, MEMORY, MEMORY_PATTERN, readCpu, readMemory } from '../values/quantity.ts';
import { closedMap, described, type EditorHints, scalar } from './scalar.ts';

export function durationKey(description: string, hints: EditorHints = {}) {
  const schema = scalar(readDuration, DURATION, { pattern: DURATION_PATTERN, minLength: 1 });
  return described(schema, description, { examples: ['90s', '10m', '1h30m'], ...hints });
}

export const resources = described(
  closedMap(
    {
      cpu: described(
        scalar(readCpu, CPU, { type: ['string', 'number'], pattern: CPU_PATTERN }),
        'Cores to ask for.',
        { examples: ['500m', '2'] },
      ).exactOptional(),
      memory: described(
        scalar(readMemory, MEMORY, { type: ['string', 'number'], pattern: MEMORY_PATTERN }),
        'Memory to ask for; also the most that is given.',
        { examples: ['512Mi', '2Gi'] },
      ).exactOptional(),
    },
    'a map of `cpu` and `memory`',
  ).transform((map): Resources => map),
  'Cpu and memory, as Kubernetes quantities. Without it, the operator decides.',
);
