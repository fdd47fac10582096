import { z } from 'zod';
import { type Reading, refuse } from '../../config/finding.ts';
import { LIMITS } from '../../config/limits.ts';
import { tell, tellTooMany, WHENEVER_MAP } from '../../config/schema/checks.ts';
import { closedMap, described, scalar } from '../../config/schema/scalar.ts';
import { readVariableName, VARIABLE_PATTERN } from '../../config/values/names.ts';
import { DEFAULT_SETTINGS } from '../default-settings.ts';
import type { DeployIdentity, RepositoryOverrides, SecretKey } from '../settings.ts';
import { readSecretKey, SECRET_KEY_PATTERN } from '../values/kubernetes-names.ts';
import { PATTERN_PATTERN, readRepositoryPattern } from '../values/repository.ts';
import { count, objectName, objectNameOrOff, off } from './scalars.ts';
import { sharedShape } from './shared-shape.ts';

const DEPLOY = 'a map of `serviceAccount` or `kubeconfig`, or `off`';
const SECRET = 'a map of `name` and `key`, or `off`';
const SECRETS = 'a map of names to Secrets and their keys';

export const perRepositoryKey = described(count, 'Runs of one repository at a time.', {
  default: DEFAULT_SETTINGS.limits.perRepository,
}).exactOptional();

const deployMap = closedMap(
  {
    serviceAccount: described(
      objectName('a service account'),
      "A service account of the run's own cluster; only deploy steps get its token.",
    ).exactOptional(),
    kubeconfig: described(
      objectName('a Secret'),
      'A Secret whose key `config` is a kubeconfig.',
    ).exactOptional(),
  },
  DEPLOY,
)
  .superRefine(checkIdentities, WHENEVER_MAP)
  // A transform is reached by maps without problems only: an unknown key may be the one that is missing.
  .transform(({ serviceAccount, kubeconfig }, context): DeployIdentity => {
    if (serviceAccount !== undefined) return { serviceAccount };
    if (kubeconfig !== undefined) return { kubeconfig };
    tell(context, { code: 'missing-key', message: 'Nothing says who deploys', expected: DEPLOY });
    return z.NEVER;
  });

const secret = closedMap(
  {
    name: described(objectName('a Secret'), 'The name of the Secret.'),
    key: described(
      scalar(readSecretKey, 'a key of the Secret', { type: 'string', pattern: SECRET_KEY_PATTERN }),
      'The key in the Secret.',
    ),
  },
  SECRET,
).transform((map): SecretKey => map);

const secrets = z
  .record(z.string(), z.union([off(SECRET), secret], { error: SECRET }), { error: SECRETS })
  .superRefine((map, context) => {
    tellTooMany(map, context, LIMITS.entries, 'secrets');
    tellKeys(map, context, readSecretVariable);
  }, WHENEVER_MAP);

const entry = closedMap(
  {
    ...sharedShape,
    limits: described(
      closedMap({ perRepository: perRepositoryKey }, 'a map of `perRepository`'),
      'Limits of runs.',
    ).exactOptional(),
    serviceAccount: described(
      objectNameOrOff('a service account'),
      "The service account of every task but deploys; the namespace's `default` without it.",
    ).exactOptional(),
    dockerconfig: described(
      objectNameOrOff('a Secret'),
      'The Secret whose key `config.json` the image step logs in with.',
    ).exactOptional(),
    deploy: described(
      z.union([off(DEPLOY), deployMap], { error: DEPLOY }),
      'Who deploys: a service account, or a kubeconfig. Without it, deploys have no credentials.',
    ).exactOptional(),
    secrets: described(secrets, 'Secrets by the names that `.tekton-ci.yml` asks for.', {
      examples: [{ NPM_TOKEN: { name: 'npm', key: 'token' } }],
      propertyNames: { pattern: VARIABLE_PATTERN },
    }).exactOptional(),
  },
  'a map of settings',
).transform((map): RepositoryOverrides => map);

export const repositoriesKey = described(
  z
    .record(z.string(), entry, { error: 'a map of repositories and patterns to settings' })
    .superRefine((map, context) => tellKeys(map, context, readRepositoryPattern), WHENEVER_MAP),
  'Settings of some repositories, over those for all: `owner/name`, `owner/*` or `*`. Every entry that matches holds, the most specific one last.',
  { propertyNames: { pattern: PATTERN_PATTERN } },
);

/** Tells wrong keys of a map. A schema of the keys would do that too, but look no further into the value of a wrong one. */
function tellKeys(map: object, context: z.RefinementCtx, read: (text: string) => Reading<string>): void {
  for (const key of Object.keys(map)) {
    const reading = read(key);
    if (!reading.ok) tell(context, reading.refusal, [key]);
  }
}

function readSecretVariable(text: string): Reading<string> {
  const read = readVariableName(text);
  if (read.ok || read.refusal.code !== 'reserved-variable') return read;
  return refuse(read.refusal.code, read.refusal.message, { instead: 'choose another name' });
}

function checkIdentities(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (!('serviceAccount' in map && 'kubeconfig' in map)) return;
  const message = '`kubeconfig` and `serviceAccount` are two identities';
  tell(context, { code: 'conflicting-keys', message, instead: 'keep one of the two' }, ['kubeconfig']);
}
