/** The file that opts a repository in. */
export const CONFIG_FILE = '.tekton-ci.yml';

/** Files of a project's directory whose text decides its toolchain, version or preset; of others the name is enough. */
export const TOOLCHAIN_FILES: readonly string[] = [
  'go.mod',
  '.nvmrc',
  '.node-version',
  'package.json',
  '.python-version',
  'pyproject.toml',
  '.java-version',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'rust-toolchain',
  'rust-toolchain.toml',
  'Cargo.toml',
];
