import { z } from 'zod';
import { tell, WHENEVER_MAP } from '../../config/schema/checks.ts';
import { closedMap, described, scalar } from '../../config/schema/scalar.ts';
import { MEMORY, MEMORY_PATTERN, readMemory } from '../../config/values/quantity.ts';
import { DEFAULT_SIZE } from '../default-settings.ts';
import type { Claim, Storage } from '../settings.ts';
import { objectName, off } from './scalars.ts';

const STORAGE = 'a map of `claim`, or of `class` and `size`';
const CACHE = 'a map of `claim`, or `off`';

const claim = described(objectName('a claim'), 'The name of a PersistentVolumeClaim in the namespace.', {
  examples: ['ci-cache'],
});

export const storageKey = described(
  closedMap(
    {
      claim: described(claim, 'A claim that all runs share, each in its own sub-path.', {
        examples: ['golang-source-pvc'],
      }).exactOptional(),
      class: described(objectName('a storage class'), "The storage class of each run's own claim.", {
        examples: ['fast'],
      }).exactOptional(),
      size: described(
        scalar(readMemory, MEMORY, { type: ['string', 'number'], pattern: MEMORY_PATTERN }),
        "The size of each run's own claim.",
        { default: DEFAULT_SIZE },
      ).exactOptional(),
    },
    STORAGE,
  )
    .superRefine(checkStorage, WHENEVER_MAP)
    .transform(({ claim, size = DEFAULT_SIZE, ...rest }): Storage => {
      return claim === undefined ? { size, ...rest } : { claim };
    }),
  'Where the layout `tasks` keeps the source: one shared claim, or a claim for each run. The layout `pod` needs none.',
  { examples: [{ claim: 'golang-source-pvc' }, { class: 'fast', size: '5Gi' }] },
);

export const cacheKey = described(
  z.union([off(CACHE), closedMap({ claim }, CACHE).transform((map): Claim => map)], { error: CACHE }),
  'The claim of the dependency cache; every repository and trust has its own directory there. `off` keeps nothing.',
  { default: 'off', examples: [{ claim: 'ci-cache' }] },
);

function checkStorage(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (!('claim' in map)) return;
  for (const key of ['class', 'size'].filter((name) => name in map)) {
    const message = `\`${key}\` is of a claim that is made for each run, and \`claim\` names one that exists`;
    tell(context, { code: 'conflicting-keys', message, instead: `remove \`${key}\` or \`claim\`` }, [key]);
  }
}
