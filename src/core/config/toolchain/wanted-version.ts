import type { ToolchainName } from '../config.ts';
import type { Reading } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import type { WantedVersion } from './choose-version.ts';
import { goVersion } from './go-version.ts';
import { javaVersion } from './java-version.ts';
import { nodeVersion } from './node-version.ts';
import { pythonVersion } from './python-version.ts';
import { rustVersion } from './rust-version.ts';

type ReadWanted = (files: ProjectFiles) => Reading<WantedVersion | undefined>;

const READERS: Readonly<Record<ToolchainName, ReadWanted>> = {
  go: goVersion,
  node: nodeVersion,
  python: pythonVersion,
  java: javaVersion,
  rust: rustVersion,
};

/** The version that a project's own files ask for; undefined when none does. Refuses a file that cannot be read. */
export function wantedVersion(
  toolchain: ToolchainName,
  files: ProjectFiles,
): Reading<WantedVersion | undefined> {
  return READERS[toolchain](files);
}
