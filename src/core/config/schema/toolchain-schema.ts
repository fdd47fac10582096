import { z } from 'zod';
import { TOOLCHAIN_NAMES, type ToolchainChoice, type ToolchainName } from '../config.ts';
import { accept, quoted, type Reading, type Refusal } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { RELEASES } from '../releases.ts';
import { chooseVersion } from '../toolchain/choose-version.ts';
import { CONFIG_FILE } from '../toolchain-files.ts';
import { readSwitch } from '../values/boolean.ts';
import { readVersion, VERSION } from '../values/version.ts';
import { tellDuplicates, WHENEVER_LIST } from './checks.ts';
import { described, NO_BOOLEAN, scalar } from './scalar.ts';

/** What a toolchain's key says: versions, `on` (files decide the version) or `off`. */
export type ToolchainForm = 'off' | { readonly versions?: readonly string[] };

const FORMS = 'a version such as `1.26`, a list of versions, `on` or `off`';

function toolchainKey(name: ToolchainName, source: string, examples: readonly unknown[]) {
  const version = scalar((text) => readVersionOf(name, text), VERSION, NO_BOOLEAN);
  const versions = z
    .array(version, { error: FORMS })
    .min(1, { error: FORMS })
    .max(LIMITS.versions, { error: FORMS })
    .superRefine((list, context) => tellDuplicates(list, context), WHENEVER_LIST)
    .transform((list): ToolchainForm => ({ versions: list }));
  const short = scalar((text) => readShort(name, text), FORMS, NO_BOOLEAN);
  const { title } = RELEASES[name];
  const description = `${title}: a version, a list of versions (one test for each), \`on\` (the version is read from ${source}) or \`off\`.`;
  return described(z.union([short, versions], { error: FORMS }), description, { examples }).exactOptional();
}

function readShort(name: ToolchainName, text: string): Reading<ToolchainForm> {
  const word = readSwitch(text);
  if (word !== undefined) return word.ok ? accept(word.value === 'off' ? 'off' : {}) : word;
  const version = readVersionOf(name, text);
  return version.ok ? accept({ versions: [version.value] }) : version;
}

/** A version as written. A range or channel must mean a release that we know. */
function readVersionOf(name: ToolchainName, text: string): Reading<string> {
  const version = readVersion(text);
  const chosen = version.ok ? chooseVersion(name, { text: version.value, from: CONFIG_FILE }) : version;
  return chosen.ok ? version : chosen;
}

/** One key for each toolchain; at most one of them says something other than `off`. */
export const toolchainShape = {
  go: toolchainKey('go', 'go.mod', ['1.26', ['1.25', '1.26']]),
  node: toolchainKey('node', '.nvmrc, .node-version or package.json', ['24', ['22', '24']]),
  python: toolchainKey('python', '.python-version or pyproject.toml', ['3.14', ['3.13', '3.14']]),
  java: toolchainKey('java', '.java-version, pom.xml or build.gradle', ['25', ['21', '25']]),
  rust: toolchainKey('rust', 'rust-toolchain.toml or Cargo.toml', ['1.95', 'stable']),
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
