import type { Config, ProjectConfig } from '../config/config.ts';
import { CONFIG_FILE, TOOLCHAIN_FILES } from '../config/toolchain-files.ts';
import type { Changes } from './select-projects.ts';

/** Files that decide which code of others a run fetches. */
const LOCK_FILES = new Set([
  'go.sum',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'requirements.txt',
  'Cargo.lock',
  'gradle.lockfile',
  'Makefile',
  '.gitmodules',
  '.npmrc',
]);

const DOCKERFILE = /(^|\.)(Dockerfile|Containerfile)(\.|$)/;

/**
 * Those of the changed files that decide what a run does: the config, Dockerfiles, charts, the scripts that the config names, lock files
 * and toolchain files. They are what to look at before a stranger's commit is run.
 */
export function sensitiveFiles(changed: readonly string[], config: Config): readonly string[] {
  const charts = config.projects.flatMap(chartFolders);
  const dockerfiles = new Set(config.projects.flatMap(dockerfile));
  const words = new Set(config.projects.flatMap(commandWords));
  return changed.filter((file) => {
    const name = file.split('/').pop() ?? '';
    if (file === CONFIG_FILE || LOCK_FILES.has(name) || TOOLCHAIN_FILES.includes(name)) return true;
    if (DOCKERFILE.test(name) || dockerfiles.has(file) || name === 'Chart.yaml') return true;
    if (charts.some((folder) => file.startsWith(`${folder}/`))) return true;
    return config.projects.some(({ path }) => words.has(withinProject(file, path) ?? ''));
  });
}

/** Names that a decision lists. */
const MOST_NAMES = 10;

/** The same as a decision; empty when there are none. */
export function sensitiveNotice(changes: Changes, config: Config): readonly string[] {
  if (changes.kind === 'everything')
    return [`what decides about the run may have changed: ${changes.because}`];
  const files = sensitiveFiles(changes.files, config);
  if (files.length === 0) return [];
  const more = files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : '';
  return [`it changes what decides about the run: ${files.slice(0, MOST_NAMES).join(', ')}${more}`];
}

function dockerfile({ path, image }: ProjectConfig): readonly string[] {
  return image === undefined ? [] : [join(path, image.dockerfile)];
}

function chartFolders({ path, deploy }: ProjectConfig): readonly string[] {
  return deploy.flatMap(({ chart }) => (chart === undefined ? [] : [join(path, chart)]));
}

/** Every word of every command, without `./` before it: a script is named by its path. */
function commandWords({ test, build, deploy }: ProjectConfig): readonly string[] {
  const stages = [test, build].flatMap((stage) => stage?.commands ?? []);
  const commands = [...stages, ...deploy.flatMap((target) => target.commands ?? [])];
  return commands
    .flatMap((command) => command.split(/[\s;&|()<>"'`]+/))
    .map((word) => word.replace(/^\.\//, ''));
}

function withinProject(file: string, path: string): string | null {
  if (path === '.') return file;
  return file.startsWith(`${path}/`) ? file.slice(path.length + 1) : null;
}

function join(path: string, name: string): string {
  const plain = name.replace(/^\.\//, '').replace(/\/$/, '');
  return path === '.' ? plain : `${path}/${plain}`;
}
