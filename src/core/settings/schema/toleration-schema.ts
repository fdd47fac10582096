import { z } from 'zod';
import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';
import { tell, WHENEVER_MAP } from '../../config/schema/checks.ts';
import { plainList } from '../../config/schema/lists.ts';
import { closedMap, described, scalar } from '../../config/schema/scalar.ts';
import type { Toleration } from '../settings.ts';
import { labelKey, labelValue, word } from './scalars.ts';

const TOLERATIONS = 'a list of maps of `key`, `operator`, `value`, `effect` and `tolerationSeconds`';

const toleration = closedMap(
  {
    key: described(labelKey, 'The key of the taint; without it, every taint.').exactOptional(),
    operator: described(word(['Exists', 'Equal']), 'Whether the value matters.', {
      default: 'Equal',
    }).exactOptional(),
    value: described(labelValue, 'The value of the taint.').exactOptional(),
    effect: described(
      word(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      'The effect of the taint; without it, every effect.',
    ).exactOptional(),
    tolerationSeconds: described(
      scalar(readSeconds, 'a number of seconds', { type: ['integer', 'string'] }),
      'How long a `NoExecute` taint is borne.',
    ).exactOptional(),
  },
  TOLERATIONS,
)
  .superRefine(checkToleration, WHENEVER_MAP)
  // A transform is reached by maps without problems only: an unknown key may be the one that is missing.
  .transform((map, context): Toleration => {
    if (map.key !== undefined || map.operator === 'Exists') return map;
    const message = 'A toleration without `key` is for every taint, so its operator is `Exists`';
    tell(context, { code: 'missing-key', message, instead: 'add `key`, or `operator: Exists`' });
    return z.NEVER;
  });

export const tolerations = plainList(toleration, TOLERATIONS);

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#scheduling */
function checkToleration(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (map.operator === 'Exists' && 'value' in map) {
    const message = '`Exists` looks at no value';
    tell(context, { code: 'conflicting-keys', message, instead: 'remove `value`' }, ['value']);
  }
  if ('tolerationSeconds' in map && map.effect !== 'NoExecute') {
    const message = '`tolerationSeconds` is for the effect `NoExecute` alone';
    const instead = 'remove it, or write `effect: NoExecute`';
    tell(context, { code: 'conflicting-keys', message, instead }, ['tolerationSeconds']);
  }
}

function readSeconds(text: string): Reading<number> {
  return /^\d{1,9}$/.test(text)
    ? accept(Number(text))
    : refuse('bad-value', `${quoted(text)} is not a number of seconds`);
}
