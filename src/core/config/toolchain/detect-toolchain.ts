import { TOOLCHAIN_NAMES, type ToolchainName } from '../config.ts';
import { RELEASES } from '../releases.ts';
import type { ProjectFiles } from '../resolved-project.ts';

/** Files that show a toolchain, most telling first. */
const SIGNS: Readonly<Record<ToolchainName, readonly string[]>> = {
  go: ['go.mod'],
  node: ['package.json'],
  python: ['pyproject.toml', 'requirements.txt', 'setup.py', '.python-version'],
  java: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
  rust: ['Cargo.toml'],
};

/** Every file that shows a toolchain, for saying what was looked for. */
export const SIGN_FILES: readonly string[] = TOOLCHAIN_NAMES.flatMap((name) => SIGNS[name]);

export interface DetectedToolchain {
  readonly name: ToolchainName;
  /** "Go because of go.mod; package.json is there too: write `node: on` to use Node" */
  readonly decision: string;
}

/** The first toolchain, in the fixed order and none of those `excluded`, that a project's files show. */
export function detectToolchain(
  { entries }: ProjectFiles,
  excluded: readonly ToolchainName[] = [],
): DetectedToolchain | undefined {
  const present = new Set(entries);
  const found = TOOLCHAIN_NAMES.filter((name) => !excluded.includes(name)).flatMap((name) => {
    const sign = SIGNS[name].find((file) => present.has(file));
    return sign === undefined ? [] : [{ name, sign }];
  });
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  const rest = others.map(
    ({ name, sign }) => `; ${sign} is there too: write \`${name}: on\` to use ${RELEASES[name].title}`,
  );
  return {
    name: first.name,
    decision: `${RELEASES[first.name].title} because of ${first.sign}${rest.join('')}`,
  };
}
