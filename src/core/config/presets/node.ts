import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { quoteWord } from '../quote-word.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import { type PackageManifest, readJson } from '../toolchain/read-files.ts';
import type { Preset, PresetCommands } from './preset.ts';

/** Install by the lock file that is there, then the scripts `test` and `build` of package.json. */
export const nodePreset: Preset = {
  test({ flags = [], packages = [] }, files) {
    return runScript('test', [...flags, ...packages], { files, prepared: false });
  },
  build({ flags = [], packages = [] }, files, prepared) {
    return runScript('build', [...flags, ...packages], { files, prepared });
  },
};

interface PackageManager {
  /** The words that run it. */
  readonly run: readonly string[];
  /** Words of the command that installs; undefined when there is nothing to install. */
  readonly install?: readonly string[];
}

function runScript(
  script: 'test' | 'build',
  words: readonly string[],
  { files, prepared }: { files: ProjectFiles; prepared: boolean },
): Reading<PresetCommands> {
  const manifest = readJson(files.text, 'package.json');
  if (!manifest.ok) return manifest;
  if (manifest.value === undefined || !hasScript(manifest.value, script))
    return noScript(script, manifest.value);
  const { run, install } = packageManager(manifest.value, files.entries);
  // npm alone needs `--` before words of the script's own.
  const separator = words.length > 0 && run === NPM ? ['--'] : [];
  const command = [...run, ...(script === 'test' ? ['test'] : ['run', 'build']), ...separator, ...words];
  const commands = [...(install === undefined || prepared ? [] : [[...run, ...install]]), command];
  return accept({ commands: commands.map((line) => line.map(quoteWord).join(' ')) });
}

function noScript(script: 'test' | 'build', manifest: PackageManifest | undefined): Reading<never> {
  const message =
    manifest === undefined ? 'There is no package.json' : `package.json has no script ${quoted(script)}`;
  const instead = `add one, or say \`${script}: off\` or the commands under \`${script}:\``;
  return refuse('no-script', message, { instead });
}

const NPM = ['npm'];
// Corepack gives the version that package.json asks for. npx finds it in Node's images, and fetches it where they have none.
const PNPM = ['npx', '--yes', 'corepack', 'pnpm'];
const YARN = ['npx', '--yes', 'corepack', 'yarn'];

function packageManager(manifest: PackageManifest, entries: readonly string[]): PackageManager {
  const has = (...names: string[]) => names.some((name) => entries.includes(name));
  const wanted = manifest.packageManager ?? '';
  if (has('pnpm-lock.yaml')) return { run: PNPM, install: ['install', '--frozen-lockfile'] };
  if (has('yarn.lock')) {
    const isClassic = !/^yarn@(?:[2-9]|\d\d)/.test(wanted) && !has('.yarnrc.yml');
    return { run: YARN, install: ['install', isClassic ? '--frozen-lockfile' : '--immutable'] };
  }
  if (has('package-lock.json', 'npm-shrinkwrap.json')) return { run: NPM, install: ['ci'] };
  const run = wanted.startsWith('pnpm@') ? PNPM : wanted.startsWith('yarn@') ? YARN : NPM;
  return needsInstall(manifest) ? { run, install: ['install'] } : { run };
}

function needsInstall(manifest: PackageManifest): boolean {
  const { dependencies, devDependencies, optionalDependencies, workspaces } = manifest;
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
  return Object.keys(all).length > 0 || workspaces !== undefined;
}

/** What `npm init` writes fails by design: it is the same as no script. */
function hasScript({ scripts = {} }: PackageManifest, name: string): boolean {
  const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  return script !== undefined && !/^echo ["']Error: no test specified["'] && exit 1$/.test(script);
}
