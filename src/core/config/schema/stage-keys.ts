import { z } from 'zod';
import type { ToolchainChoice } from '../config.ts';
import { accept, type Reading, refuse } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { readVariableName, VARIABLE_PATTERN } from '../values/names.ts';
import { tell } from './checks.ts';
import { fullList, readCommand, readText, textMap } from './lists.ts';
import { durationKey, resources } from './resources-schema.ts';
import { described, scalar } from './scalar.ts';
import {
  chosenToolchain,
  namedToolchains,
  severalToolchains,
  type ToolchainKeys,
  toolchainShape,
} from './toolchain-schema.ts';

const COMMANDS = 'a command or a list of commands';
const WORDS = 'text with words separated by white space, or a list of words';

const command = scalar(readCommand, 'a command');

/** Commands in a stage's short form. */
export const commandList = fullList(command, COMMANDS, LIMITS.commands);

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

/** The keys that `test` and `build` share. */
export const sharedShape = {
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

/** What the toolchain keys of a stage say, as the stage holds it. */
export function toolchainOf(keys: ToolchainKeys): { toolchain?: ToolchainChoice | 'off' } {
  const toolchain = chosenToolchain(keys);
  return toolchain === undefined ? {} : { toolchain };
}

/** What contradicts itself in a stage. */
export function checkStage(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
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
