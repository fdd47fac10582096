import { TOOLCHAIN_NAMES } from '../../config/config.ts';
import { RELEASES } from '../../config/releases.ts';
import { plainList } from '../../config/schema/lists.ts';
import { closedMap, described, scalar } from '../../config/schema/scalar.ts';
import { BUILDER_FLAGS } from '../../config/values/builder-flags.ts';
import { IMAGE } from '../../config/values/image-reference.ts';
import { DEFAULT_SETTINGS } from '../default-settings.ts';
import { OPERATOR_FLAGS, readKanikoFlag } from '../values/kaniko-flags.ts';
import { readPlainImage, readToolchainImage, TOOLCHAIN_IMAGE } from '../values/toolchain-image.ts';

const { images: defaults } = DEFAULT_SETTINGS;

const TEXT = { type: 'string' };

const plain = (what: string, name: 'git' | 'kaniko' | 'deploy') =>
  described(scalar(readPlainImage, IMAGE, TEXT), what, { default: defaults[name] }).exactOptional();

const toolchain = (name: (typeof TOOLCHAIN_NAMES)[number]) =>
  described(
    scalar(readToolchainImage, TOOLCHAIN_IMAGE, { ...TEXT, pattern: '\\{version\\}' }),
    `The image of ${RELEASES[name].title}, with \`{version}\` where the version goes.`,
    { default: defaults[name] },
  ).exactOptional();

export const imagesKey = described(
  closedMap(
    {
      git: plain('The image of the clone step; needs git, git-lfs for LFS, and a shell.', 'git'),
      go: toolchain('go'),
      node: toolchain('node'),
      python: toolchain('python'),
      java: toolchain('java'),
      rust: toolchain('rust'),
      kaniko: plain("The image of the image step: kaniko's executor.", 'kaniko'),
      deploy: plain('The image of deploy steps; needs helm, kubectl and a shell.', 'deploy'),
    },
    `a map of ${['git', ...TOOLCHAIN_NAMES, 'kaniko', 'deploy'].map((name) => `\`${name}\``).join(', ')}`,
  ),
  'Every image that tekton-ci itself chooses.',
  { examples: [{ go: 'mirror.example.com/golang:{version}' }] },
);

export const kanikoKey = described(
  closedMap(
    {
      args: described(
        plainList(scalar(readKanikoFlag, 'a flag', TEXT), 'a list of flags'),
        `Flags for every image build, after those of the repository: ${[...BUILDER_FLAGS, ...OPERATOR_FLAGS].join(', ')}.`,
        { examples: [['--registry-mirror=mirror.example.com']] },
      ).exactOptional(),
    },
    'a map of `args`',
  ),
  'How images are built.',
);
