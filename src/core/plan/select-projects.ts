import picomatch from 'picomatch';
import type { ProjectConfig } from '../config/config.ts';

/** What is known of the files that a commit changed. */
export type Changes =
  | { readonly kind: 'files'; readonly files: readonly string[]; readonly against: string }
  /** Every project runs, for this reason. */
  | { readonly kind: 'everything'; readonly because: string };

export interface Selection {
  readonly project: ProjectConfig;
  readonly runs: boolean;
  /** "runs: web/index.js changed (3 files since main)". */
  readonly reason: string;
}

/** Files whose change concerns every project. */
const EVERYBODYS = new Set(['.tekton-ci.yml']);

/**
 * Which projects a change concerns, each with its reason.
 * `notGreen` are projects whose check on the commit before is not green: they run again whatever changed.
 */
export function selectProjects(
  projects: readonly ProjectConfig[],
  changes: Changes,
  notGreen: ReadonlySet<string> = new Set(),
): Selection[] {
  return projects.map((project) => select(project, changes, notGreen));
}

function select(project: ProjectConfig, changes: Changes, notGreen: ReadonlySet<string>): Selection {
  if (changes.kind === 'everything') {
    return { project, runs: true, reason: `runs: ${changes.because}` };
  }
  const since = `${count(changes.files.length)} since ${changes.against}`;
  const touched = changes.files.find(concerns(project));
  if (touched !== undefined) return { project, runs: true, reason: `runs: ${touched} changed (${since})` };
  if (notGreen.has(project.name)) {
    return { project, runs: true, reason: `runs: it was not green on ${changes.against}` };
  }
  const places = [folder(project.path), ...project.watch].join(' or ');
  return { project, runs: false, reason: `skipped: no file under ${places} changed (${since})` };
}

function concerns(project: ProjectConfig): (file: string) => boolean {
  const watched = project.watch.length === 0 ? () => false : picomatch([...project.watch], { dot: true });
  const prefix = project.path === '.' ? '' : `${project.path}/`;
  return (file) => EVERYBODYS.has(file) || file.startsWith(prefix) || (file !== '' && watched(file));
}

function folder(path: string): string {
  return path === '.' ? './' : `${path}/`;
}

function count(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}
