import type { z } from 'zod';
import { tellDuplicates, WHENEVER_LIST } from '../../config/schema/checks.ts';
import { listOf } from '../../config/schema/lists.ts';
import { durationKey } from '../../config/schema/resources-schema.ts';
import { closedMap, described, scalar } from '../../config/schema/scalar.ts';
import { DEFAULT_SETTINGS } from '../default-settings.ts';
import { AGE, AGE_PATTERN, readAge, readDays } from '../values/age.ts';
import { BOT, BOT_PATTERN, readBot } from '../values/bot.ts';
import { GENERATION, GENERATION_PATTERN, readGeneration } from '../values/link-generation.ts';
import { perRepositoryKey, repositoriesKey } from './repository-schema.ts';
import { count, word } from './scalars.ts';
import { sharedShape } from './shared-shape.ts';

const BOTS = 'a list of logins such as `renovate[bot]`';

const limitsKey = described(
  closedMap(
    {
      perRepository: perRepositoryKey,
      total: described(count, 'Runs of all repositories at a time.', {
        default: DEFAULT_SETTINGS.limits.total,
      }).exactOptional(),
    },
    'a map of `perRepository` and `total`',
  ),
  'How many runs there are at a time; the others are queued.',
);

const keepKey = described(
  closedMap(
    {
      perProject: described(count, 'Finished runs of a project.', {
        default: DEFAULT_SETTINGS.keep.perProject,
      }).exactOptional(),
      for: described(
        scalar(readAge, AGE, { type: 'string', pattern: AGE_PATTERN }),
        'How long a finished run stays, at least seven days.',
        { default: '30d' },
      ).exactOptional(),
    },
    'a map of `perProject` and `for`',
  ),
  'Which finished runs stay in the cluster; those beyond either limit are removed, none within seven days. Logs are not touched.',
);

const linksKey = described(
  closedMap(
    {
      expire: described(
        scalar(readDays, AGE, { type: 'string', pattern: AGE_PATTERN }),
        'How long after a run’s end its links open its page.',
        { examples: ['90d'] },
      ).exactOptional(),
      generation: described(
        scalar(readGeneration, GENERATION, { type: ['string', 'number'], pattern: GENERATION_PATTERN }),
        'Any word; another one ends all links that were made before.',
        { examples: ['2'] },
      ).exactOptional(),
    },
    'a map of `expire` and `generation`',
  ),
  'The links that open run pages.',
);

const bots = listOf(scalar(readBot, BOT, { type: 'string', pattern: BOT_PATTERN }), BOTS);

/** Every key of the operator settings. */
export const settingsShape = {
  ...sharedShape,
  startTimeout: durationKey('How long a run may take to start before it is ended.', {
    default: '10m',
  }).exactOptional(),
  pullPolicy: described(word(['Always', 'IfNotPresent', 'Never']), 'When nodes pull images.', {
    default: DEFAULT_SETTINGS.pullPolicy,
  }).exactOptional(),
  limits: limitsKey.exactOptional(),
  keep: keepKey.exactOptional(),
  links: linksKey.exactOptional(),
  bots: described(
    bots.superRefine((list, context) => tellDuplicates(list, context), WHENEVER_LIST),
    'Further accounts, besides `dependabot[bot]`, whose commits run without approval, untrusted.',
    { examples: [['renovate[bot]']] },
  ).exactOptional(),
  repositories: repositoriesKey.exactOptional(),
};

export const settingsSchema = closedMap(settingsShape, 'keys with values, such as `namespace: ci`');

export type SettingsForm = z.output<typeof settingsSchema>;
