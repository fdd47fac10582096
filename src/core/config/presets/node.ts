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
  readonly name: 'npm' | 'yarn' | 'pnpm';
  readonly install: readonly string[];
}

function runScript(
  script: 'test' | 'build',
  words: readonly string[],
  { files, prepared }: { files: ProjectFiles; prepared: boolean },
): Reading<PresetCommands> {
  const read = readJson(files.text, 'package.json');
  if (!read.ok) return read;
  const manifest = read.value ?? {};
  if (!hasScript(manifest, script)) {
    return refuse('no-script', `package.json has no script ${quoted(script)}`, {
      instead: `add one, or say \`${script}: off\` or the commands under \`${script}:\``,
    });
  }
  const { name, install } = packageManager(manifest, files.entries);
  // npm alone needs `--` before words of the script's own.
  const separator = words.length > 0 && name === 'npm' ? ['--'] : [];
  const verb = script === 'test' ? [name, 'test'] : [name, 'run', 'build'];
  const command = [...verb, ...separator, ...words].map(quoteWord).join(' ');
  return accept({ commands: [...(prepared ? [] : install), command] });
}

function packageManager(manifest: PackageManifest, entries: readonly string[]): PackageManager {
  const wanted = manifest.packageManager ?? '';
  if (entries.includes('pnpm-lock.yaml')) {
    return { name: 'pnpm', install: ['corepack enable', 'pnpm install --frozen-lockfile'] };
  }
  if (entries.includes('yarn.lock')) {
    // Yarn 1 is in the images; later ones come by corepack, which package.json's `packageManager` asks for.
    const isModern = /^yarn@(?:[2-9]|\d\d)/.test(wanted) || entries.includes('.yarnrc.yml');
    const install = isModern ? 'yarn install --immutable' : 'yarn install --frozen-lockfile';
    return { name: 'yarn', install: isModern ? ['corepack enable', install] : [install] };
  }
  if (entries.includes('package-lock.json') || entries.includes('npm-shrinkwrap.json')) {
    return { name: 'npm', install: ['npm ci'] };
  }
  if (!needsInstall(manifest)) return { name: 'npm', install: [] };
  if (wanted.startsWith('pnpm@')) return { name: 'pnpm', install: ['corepack enable', 'pnpm install'] };
  if (wanted.startsWith('yarn@')) return { name: 'yarn', install: ['corepack enable', 'yarn install'] };
  return { name: 'npm', install: ['npm install'] };
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
