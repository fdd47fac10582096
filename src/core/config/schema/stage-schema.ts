import { z } from 'zod';
import type { BuildStage, TestStage, ToolchainChoice } from '../config.ts';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { BOOLEAN, readBoolean, readSwitch } from '../values/boolean.ts';
import { readVariableName, VARIABLE_PATTERN } from '../values/names.ts';
import { GLOB, PATH, readGlob, readPath } from '../values/path.ts';
import { tell, WHENEVER_MAP } from './checks.ts';
import { fullList, listOf, readCommand, readText, textMap } from './lists.ts';
import { durationKey, resources } from './resources-schema.ts';
import { closedMap, described, NO_BOOLEAN, scalar } from './scalar.ts';
import {
  chosenToolchain,
  namedToolchains,
  severalToolchains,
  type ToolchainKeys,
  toolchainShape,
} from './toolchain-schema.ts';

/** A stage that is on, or `off`. */
export type TestForm = 'off' | TestStage;
export type BuildForm = 'off' | BuildStage;

const FORMS = 'a command, a list of commands, a map, `on` or `off`';
const COMMANDS = 'a command or a list of commands';
const WORDS = 'text with words separated by white space, or a list of words';

const command = scalar(readCommand, 'a command');

const commandList = fullList(command, COMMANDS, LIMITS.commands);

/** Commands in their long form, under `commands:`. */
export const commandsKey = described(
  z.union([command.transform((text): string[] => [text]), commandList], { error: COMMANDS }),
  'Shell commands, run in order in one shell.',
);

/** Environment variables, wherever they may be set. */
export const envKey = described(
  textMap(readVariableName, 'a map of names to values', { name: { pattern: VARIABLE_PATTERN } }),
  'Environment variables. Numbers and booleans are taken as they are written.',
);

const words = z.union([scalar((text) => wordsOf(text), WORDS), fullList(scalar(readText, 'a word'), WORDS)], {
  error: WORDS,
});

const sharedShape = {
  commands: commandsKey.exactOptional(),
  packages: described(
    words,
    "What to test or build, in place of the preset's packages: `./...`, `tests/`.",
  ).exactOptional(),
  flags: described(words, "Flags of the preset's tool, in place of its own: `-race -v`.").exactOptional(),
  ...toolchainShape,
  env: envKey.exactOptional(),
  timeout: durationKey('The longest that this stage may take.').exactOptional(),
  resources: resources.exactOptional(),
};

const testMap = closedMap(
  {
    ...sharedShape,
    report: described(
      listOf(scalar(readGlob, GLOB), GLOB),
      'Globs of JUnit XML files that the commands write; failures in them become annotations.',
      { examples: ['reports/*.xml'] },
    ).exactOptional(),
  },
  FORMS,
)
  .superRefine(checkStage, WHENEVER_MAP)
  .transform(({ go, node, python, java, rust, env = {}, report = [], ...rest }): TestStage => {
    return { ...rest, ...toolchainOf({ go, node, python, java, rust }), env, report };
  });

const goName = scalar(readGoName, 'a name such as `linux` or `arm64`');

const buildMap = closedMap(
  {
    ...sharedShape,
    output: described(scalar(readOutput, PATH), 'Where the build puts its result: a file, or a directory.', {
      examples: ['bin/', 'bin/linux/api'],
    }).exactOptional(),
    goos: described(goName, 'GOOS of a Go build.', { default: 'linux' }).exactOptional(),
    goarch: described(goName, 'GOARCH of a Go build.', { default: 'amd64' }).exactOptional(),
    cgo: described(
      scalar(readBoolean, BOOLEAN, { type: ['boolean', 'string'] }),
      'Whether a Go build uses cgo.',
      {
        default: false,
      },
    ).exactOptional(),
  },
  FORMS,
)
  .superRefine(checkStage, WHENEVER_MAP)
  .transform(({ go, node, python, java, rust, env = {}, ...rest }): BuildStage => {
    return { ...rest, ...toolchainOf({ go, node, python, java, rust }), env };
  });

/** A test stage with nothing said about it. */
export const DEFAULT_TEST: TestStage = { env: {}, report: [] };

const DEFAULT_BUILD: BuildStage = { env: {} };

export const testKey = described(
  z.union(
    [
      scalar((text) => readStage(text, DEFAULT_TEST), FORMS, NO_BOOLEAN),
      commandList.transform((commands): TestForm => ({ ...DEFAULT_TEST, commands })),
      testMap,
    ],
    { error: FORMS },
  ),
  "Tests: commands, a map, or `off`. Without it, the toolchain's own tests run.",
  { default: 'on', examples: ['on', 'off', 'make test', ['npm ci', 'npm run lint', 'npm test']] },
).exactOptional();

export const buildKey = described(
  z.union(
    [
      scalar((text) => readStage(text, DEFAULT_BUILD), FORMS, NO_BOOLEAN),
      commandList.transform((commands): BuildForm => ({ ...DEFAULT_BUILD, commands })),
      buildMap,
    ],
    { error: FORMS },
  ),
  "The build: commands, a map, or `on` for the toolchain's own.",
  { default: 'off', examples: ['on', 'make build', { output: 'bin/linux/api' }] },
).exactOptional();

function readStage<Stage extends TestStage | BuildStage>(text: string, stage: Stage): Reading<'off' | Stage> {
  const word = readSwitch(text);
  if (word !== undefined) return word.ok ? accept(word.value === 'off' ? 'off' : stage) : word;
  const read = readCommand(text);
  return read.ok ? accept({ ...stage, commands: [read.value] }) : read;
}

function toolchainOf(keys: ToolchainKeys): { toolchain?: ToolchainChoice | 'off' } {
  const toolchain = chosenToolchain(keys);
  return toolchain === undefined ? {} : { toolchain };
}

function checkStage(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const key of ['packages', 'flags']) {
    if (!('commands' in map) || !(key in map)) continue;
    const instead = `write the ${key} into the commands, or remove \`commands\``;
    const message = `\`${key}\` belongs to the preset, which \`commands\` replaces`;
    tell(context, { code: 'conflicting-keys', message, instead }, [key]);
  }
  const [first, ...others] = namedToolchains(map);
  for (const name of others) {
    tell(context, severalToolchains(name, first ?? name), [name]);
  }
}

function wordsOf(text: string): Reading<string[]> {
  if (/["'\\]/.test(text)) {
    const message = 'Quotes mean nothing here: the text is split at white space';
    return refuse('bad-value', message, { instead: 'write a list, with one word an item' });
  }
  const list = text.split(/\s+/).filter((word) => word !== '');
  return list.length === 0
    ? refuse('empty-value', 'There are no words here', { expected: WORDS })
    : accept(list);
}

/** A trailing slash is kept: it tells a directory from a file. */
function readOutput(text: string): Reading<string> {
  const path = readPath(text);
  return path.ok && /\/\.?$/.test(text) ? accept(path.value === '.' ? './' : `${path.value}/`) : path;
}

function readGoName(text: string): Reading<string> {
  return /^[a-z0-9]{1,20}$/.test(text)
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} is not a name that Go uses`, {
        expected: 'one of `go tool dist list`',
      });
}
