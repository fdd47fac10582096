import { z } from 'zod';
import { TOOLCHAIN_NAMES, type ToolchainChoice, type ToolchainName } from '../config.ts';
import { accept, quoted, type Reading, type Refusal } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { readSwitch } from '../values/boolean.ts';
import { readVersion, VERSION } from '../values/version.ts';
import { tellDuplicates, WHENEVER_LIST } from './checks.ts';
import { described, NO_BOOLEAN, scalar } from './scalar.ts';

/** What a toolchain's key says: versions, `on` (files decide the version) or `off`. */
export type ToolchainForm = 'off' | { readonly versions?: readonly string[] };

const FORMS = 'a version such as `1.26`, a list of versions, `on` or `off`';

function readToolchain(text: string): Reading<ToolchainForm> {
  const word = readSwitch(text);
  if (word !== undefined) return word.ok ? accept(word.value === 'off' ? 'off' : {}) : word;
  const version = readVersion(text);
  return version.ok ? accept({ versions: [version.value] }) : version;
}

const versions = z
  .array(scalar(readVersion, VERSION, NO_BOOLEAN), { error: FORMS })
  .min(1, { error: FORMS })
  .max(LIMITS.versions, { error: `at most ${LIMITS.versions} versions` })
  .superRefine((list, context) => tellDuplicates(list, context), WHENEVER_LIST);

function toolchainKey(title: string, source: string, examples: readonly unknown[]) {
  const form = z.union(
    [
      scalar(readToolchain, FORMS, NO_BOOLEAN),
      versions.transform((list): ToolchainForm => ({ versions: list })),
    ],
    { error: FORMS },
  );
  const description = `${title}: a version, a list of versions (one test for each), \`on\` (the version is read from ${source}) or \`off\`.`;
  return described(form, description, { examples }).exactOptional();
}

/** One key for each toolchain; at most one of them says something other than `off`. */
export const toolchainShape = {
  go: toolchainKey('Go', 'go.mod', ['1.26', ['1.25', '1.26']]),
  node: toolchainKey('Node', '.nvmrc, .node-version or package.json', ['24', ['22', '24']]),
  python: toolchainKey('Python', '.python-version or pyproject.toml', ['3.14', ['3.13', '3.14']]),
  java: toolchainKey('Java', '.java-version, pom.xml or build.gradle', ['25', ['21', '25']]),
  rust: toolchainKey('Rust', 'rust-toolchain.toml or Cargo.toml', ['1.95', 'stable']),
};

export type ToolchainKeys = { readonly [Name in ToolchainName]?: ToolchainForm | undefined };

/** The toolchain that the keys of one map name; 'off' when they only remove one; undefined when there is none of them. */
export function chosenToolchain(keys: ToolchainKeys): ToolchainChoice | 'off' | undefined {
  let chosen: ToolchainChoice | 'off' | undefined;
  for (const name of TOOLCHAIN_NAMES) {
    const form = keys[name];
    if (form === 'off') chosen ??= 'off';
    else if (form !== undefined) return { name, ...form };
  }
  return chosen;
}

/** The toolchains that the keys of one map name, `off` not counted, in the order of the keys. */
export function namedToolchains(keys: Readonly<Record<string, unknown>>): ToolchainName[] {
  return Object.keys(keys)
    .filter(isToolchainName)
    .filter((name) => keys[name] !== 'off');
}

function isToolchainName(key: string): key is ToolchainName {
  return TOOLCHAIN_NAMES.some((name) => name === key);
}

/** What is said of a surplus toolchain. */
export function severalToolchains(name: ToolchainName, first: string): Refusal {
  return {
    code: 'several-toolchains',
    message: `${quoted(name)} is a second toolchain next to ${quoted(first)}`,
    instead: 'keep one; `use:` takes an image that has both, `projects:` splits the repository',
  };
}
