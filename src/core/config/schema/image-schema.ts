import { z } from 'zod';
import type { ImageStage } from '../config.ts';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { readBoolean, readSwitch } from '../values/boolean.ts';
import { BUILDER_FLAGS, readBuilderFlag } from '../values/builder-flags.ts';
import { IMAGE_NAME, readImageName, readImageTag } from '../values/image-reference.ts';
import { readVariableName, VARIABLE_PATTERN } from '../values/names.ts';
import { PATH, readPath } from '../values/path.ts';
import { listOf, textMap } from './lists.ts';
import { closedMap, described, NO_BOOLEAN, scalar } from './scalar.ts';

type ImageForm = 'off' | ImageStage;

const FORMS = 'an image name such as `ghcr.io/acme/api`, a map, or `off`';
const PUSH = '`auto`, `always` or `never`';

const name = scalar(readImageName, IMAGE_NAME);

const imageMap = closedMap(
  {
    name: described(name, 'The repository of the image, without a tag.', { examples: ['ghcr.io/acme/api'] }),
    dockerfile: described(scalar(readPath, PATH), "The Dockerfile, relative to the project's path.", {
      default: 'Dockerfile',
    }).exactOptional(),
    context: described(scalar(readPath, PATH), "The build context, relative to the project's path.", {
      default: '.',
    }).exactOptional(),
    target: described(
      scalar(readTarget, 'a stage of the Dockerfile'),
      'The stage of the Dockerfile to build.',
    ).exactOptional(),
    build_args: described(
      textMap(readVariableName, 'a map of names to values', { name: { pattern: VARIABLE_PATTERN } }),
      'Values for the ARGs of the Dockerfile.',
    ).exactOptional(),
    tags: described(
      listOf(scalar(readImageTag, 'an image tag'), 'a list of image tags'),
      'Further tags, besides the commit and the branch or tag name.',
      { examples: [['latest']] },
    ).exactOptional(),
    push: described(
      scalar(readPush, PUSH, { enum: ['auto', 'always', 'never'] }),
      'When the image is pushed: `auto` for the default branch and tags, `always` for every trusted run, `never`.',
      { default: 'auto' },
    ).exactOptional(),
    args: described(
      listOf(scalar(readBuilderFlag, 'a flag'), 'a list of flags'),
      `Flags of the image builder: ${BUILDER_FLAGS.join(', ')}.`,
      { examples: [['--skip-tls-verify']] },
    ).exactOptional(),
  },
  FORMS,
).transform((map): ImageStage => {
  const { build_args: buildArgs = {}, ...rest } = map;
  return { ...DEFAULTS, ...rest, buildArgs };
});

const DEFAULTS = {
  dockerfile: 'Dockerfile',
  context: '.',
  buildArgs: {},
  tags: [],
  push: 'auto',
  args: [],
} as const;

export const imageKey = described(
  z.union([scalar(readImage, FORMS, NO_BOOLEAN), imageMap], { error: FORMS }),
  'The image to build from the Dockerfile: its name, or a map.',
  { default: 'off', examples: ['ghcr.io/acme/api'] },
).exactOptional();

function readImage(text: string): Reading<ImageForm> {
  const word = readSwitch(text);
  if (word?.ok === false) return word;
  if (word?.value === 'off') return accept('off');
  if (word?.value === 'on') return refuse('missing-key', 'An image needs a name', { expected: IMAGE_NAME });
  const read = readImageName(text);
  return read.ok ? accept({ ...DEFAULTS, name: read.value }) : read;
}

function readPush(text: string): Reading<ImageStage['push']> {
  if (text === 'auto' || text === 'always' || text === 'never') return accept(text);
  const boolean = readBoolean(text);
  const advice = boolean.ok
    ? { instead: `write \`${boolean.value ? 'always' : 'never'}\`` }
    : { expected: PUSH };
  return refuse('bad-value', `${quoted(text)} does not say when to push`, advice);
}

function readTarget(text: string): Reading<string> {
  return /^[A-Za-z0-9][\w.-]{0,127}$/.test(text)
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} cannot be a stage of a Dockerfile`);
}
