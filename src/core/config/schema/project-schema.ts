import { z } from 'zod';
import type { CloneOptions } from '../config.ts';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { BOOLEAN, readBoolean, readSwitch } from '../values/boolean.ts';
import { IMAGE, readImageReference } from '../values/image-reference.ts';
import { readVariableName } from '../values/names.ts';
import { GLOB, PATH, readGlob, readPath } from '../values/path.ts';
import { tellDuplicates, WHENEVER_LIST } from './checks.ts';
import { deployKey } from './deploy-schema.ts';
import { imageKey } from './image-schema.ts';
import { listOf, plainList } from './lists.ts';
import { durationKey, resources } from './resources-schema.ts';
import { closedMap, described, NO_BOOLEAN, scalar } from './scalar.ts';
import { servicesKey } from './services-schema.ts';
import { envKey } from './stage-keys.ts';
import { buildKey, testKey } from './stage-schema.ts';
import { toolchainShape } from './toolchain-schema.ts';

const SECRETS = 'a list of names of secrets';
const CACHE = 'a list of paths, `on` or `off`';
const CLONE = 'a map of `depth`, `submodules` and `lfs`';

const boolean = scalar(readBoolean, BOOLEAN, { type: ['boolean', 'string'] });
const secretName = scalar(readVariableName, 'the name of a secret');
const path = scalar(readPath, PATH);

export const DEFAULT_CLONE: CloneOptions = { depth: 1, submodules: true, lfs: false };

const secretsKey = z.union(
  [
    scalar(readSecrets, SECRETS, NO_BOOLEAN),
    plainList(secretName, SECRETS).superRefine(
      (list, context) => tellDuplicates(list, context),
      WHENEVER_LIST,
    ),
  ],
  { error: SECRETS },
);

const cacheKey = z.union([scalar(readCache, CACHE, NO_BOOLEAN), plainList(path, CACHE)], { error: CACHE });

const cloneKey = closedMap(
  {
    depth: described(
      scalar(readDepth, 'a number of commits, or 0 for all', { type: ['integer', 'string'] }),
      'Commits of history; 0 is all of it.',
      { default: 1 },
    ).exactOptional(),
    submodules: described(boolean, 'Whether submodules are cloned.', { default: true }).exactOptional(),
    lfs: described(boolean, 'Whether Git LFS files are fetched.', { default: false }).exactOptional(),
  },
  CLONE,
).transform((map): CloneOptions => ({ ...DEFAULT_CLONE, ...map }));

/** Every key that a project may have, and so may the top level. */
export const projectShape = {
  ...toolchainShape,
  use: described(
    scalar(readUse, IMAGE, NO_BOOLEAN),
    "An image for `test` and `build`, in place of a toolchain's.",
    {
      examples: ['ghcr.io/acme/tools:1.2'],
    },
  ).exactOptional(),
  test: testKey,
  build: buildKey,
  image: imageKey,
  deploy: deployKey,
  services: servicesKey,
  env: envKey.exactOptional(),
  secrets: described(secretsKey, 'Names of secrets that the operator gives to this repository.', {
    examples: [['NPM_TOKEN']],
  }).exactOptional(),
  cache: described(
    cacheKey,
    "What is kept between runs: `on` for the toolchain's own folders, paths, or `off`.",
    {
      default: 'on',
    },
  ).exactOptional(),
  clone: described(cloneKey, 'How the repository is cloned.').exactOptional(),
  timeout: durationKey('The longest that a whole run may take.', { default: '1h' }).exactOptional(),
  resources: resources.exactOptional(),
};

/** Keys of an entry of `projects:` alone. */
export const placeShape = {
  path: described(path, "The project's directory.", { examples: ['services/api'] }).exactOptional(),
  watch: described(
    listOf(scalar(readGlob, GLOB), GLOB),
    "Globs, relative to the repository's root, of further files that concern this project.",
    { examples: [['libs/**', 'go.mod']] },
  ).exactOptional(),
};

function readUse(text: string): Reading<string> {
  const word = readSwitch(text);
  if (word?.ok === false || (word?.ok && word.value === 'off')) return word;
  return word === undefined
    ? readImageReference(text)
    : refuse('bad-image', '`on` names no image', { expected: IMAGE });
}

function readSecrets(text: string): Reading<string[]> {
  const word = readSwitch(text);
  if (word?.ok === false) return word;
  if (word?.value === 'off') return accept([]);
  const name = readVariableName(text);
  return name.ok ? accept([name.value]) : name;
}

function readCache(text: string): Reading<'auto' | 'off' | string[]> {
  const word = readSwitch(text);
  if (word !== undefined) return word.ok ? accept(word.value === 'on' ? 'auto' : 'off') : word;
  const one = readPath(text);
  return one.ok ? accept([one.value]) : one;
}

function readDepth(text: string): Reading<number> {
  return /^\d{1,7}$/.test(text)
    ? accept(Number(text))
    : refuse('bad-value', `${quoted(text)} is not a number of commits`, { expected: '1, 50, or 0 for all' });
}
