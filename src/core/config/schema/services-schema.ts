import { z } from 'zod';
import type { Service } from '../config.ts';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { knownService } from '../known-services.ts';
import { LIMITS } from '../limits.ts';
import { readSwitch } from '../values/boolean.ts';
import { IMAGE, lastPartOfImage, readImageReference } from '../values/image-reference.ts';
import { LABEL_PATTERN, readLabel } from '../values/names.ts';
import { tell, tellDuplicates, tellTooMany, WHENEVER_LIST, WHENEVER_MAP } from './checks.ts';
import { plainList, readCommand, readText, textMap } from './lists.ts';
import { closedMap, described, scalar } from './scalar.ts';

const FORMS = 'a list of images, or a map of names to images or maps';
const READY = 'a command that succeeds once the service is ready, or `off`';

type UnnamedService = Omit<Service, 'name'>;

const image = scalar(readImageReference, IMAGE);
const knownImage = scalar(readKnownImage, IMAGE);

const serviceMap = closedMap(
  {
    image: described(image, "The service's image.", { examples: ['postgres:17'] }),
    env: described(
      textMap(readServiceVariable, 'a map of names to values'),
      "Environment variables of the service's container.",
    ).exactOptional(),
    ready: described(
      scalar(readCommand, READY),
      "A command, run in the service's container, that succeeds once it is ready; `off` waits for nothing.",
    ).exactOptional(),
  },
  IMAGE,
)
  .superRefine(checkReady, WHENEVER_MAP)
  .transform(({ ready, env = {}, ...rest }): UnnamedService => {
    return { ...rest, env, ...(ready !== undefined && ready !== 'on' && { ready }) };
  });

const listForm = plainList(scalar(readListed, IMAGE), FORMS, LIMITS.services).superRefine(
  checkNames,
  WHENEVER_LIST,
);

const mapForm = z
  .record(
    scalar(readLabel, 'a name', { type: 'string', pattern: LABEL_PATTERN }),
    z.union([knownImage.transform((name): UnnamedService => ({ image: name, env: {} })), serviceMap], {
      error: IMAGE,
    }),
    { error: FORMS },
  )
  .superRefine((map, context) => tellTooMany(map, context, LIMITS.services, 'services'), WHENEVER_MAP)
  .transform((map): Service[] => Object.entries(map).map(([name, service]) => ({ name, ...service })));

export const servicesKey = described(
  z.union([scalar(readOff, FORMS, { enum: ['off'] }), listForm, mapForm], { error: FORMS }),
  'Containers that run beside the stages, reached by their names: a list of images, or a map.',
  { examples: [['postgres:17', 'redis:8'], { db: { image: 'postgres:17', env: { POSTGRES_DB: 'api' } } }] },
).exactOptional();

/** A service without `ready` must be one that we know. */
function readKnownImage(text: string): Reading<string> {
  const read = readImageReference(text);
  return read.ok && knownService(read.value) === undefined ? refuseUnready(text) : read;
}

function readListed(text: string): Reading<Service> {
  const read = readKnownImage(text);
  // Names of known images are DNS labels.
  return read.ok ? accept({ name: lastPartOfImage(text), image: text, env: {} }) : read;
}

function refuseUnready(reference: string): Reading<never> {
  return refuse('service-ready', `Nothing tells when ${quoted(lastPartOfImage(reference))} is ready`, {
    expected: READY,
    instead: `write \`${lastPartOfImage(reference)}: { image: ${reference.slice(0, 60)}, ready: <command> }\``,
  });
}

function checkReady(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const reference = map.image;
  const isSaid = 'ready' in map && map.ready !== 'on';
  if (typeof reference !== 'string' || isSaid || knownService(reference) !== undefined) return;
  const message = `Nothing tells when ${quoted(lastPartOfImage(reference))} is ready`;
  const instead = 'add `ready: <command>` or `ready: off`';
  tell(context, { code: 'service-ready', message, instead }, ['image']);
}

function checkNames(list: readonly unknown[], context: z.RefinementCtx): void {
  const names = list.map((item) => (item as Partial<Service> | null)?.name); // items with problems may be anything
  tellDuplicates(names, context, { instead: 'use the map form and give each its own name' });
}

/** Services have their own variables, some with dots (`discovery.type`); nothing of ours is set there. */
function readServiceVariable(text: string): Reading<string> {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(text)
    ? readText(text)
    : refuse('bad-variable', `${quoted(text)} cannot be the name of a variable`);
}

function readOff(text: string): Reading<Service[]> {
  const word = readSwitch(text);
  if (word?.ok === false) return word;
  return word?.value === 'off'
    ? accept([])
    : refuse('wrong-type', 'This is a single value', { expected: FORMS });
}
