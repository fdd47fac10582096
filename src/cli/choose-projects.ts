import { closest, distance } from 'fastest-levenshtein';
import type { ResolvedProject } from '../core/config/resolved-project.ts';
import { UsageError } from './usage-error.ts';

/** All projects, or the one that was named. Throws a `UsageError` that lists them when there is none of that name. */
export function chooseProjects(
  projects: readonly ResolvedProject[],
  name: string | undefined,
): readonly ResolvedProject[] {
  if (name === undefined) return projects;
  const chosen = projects.filter((project) => project.name === name);
  if (chosen.length > 0) return chosen;
  const names = projects.map((project) => project.name);
  if (names.length === 1 && names[0] === '.') {
    throw new UsageError('project-unknown', 'this repository is one project: leave --project out.');
  }
  const near = closest(name, names);
  const hint = distance(name, near) <= 2 ? ` Did you mean ${near}?` : '';
  throw new UsageError(
    'project-unknown',
    `there is no project "${name}": the config has ${names.join(', ')}.${hint}`,
  );
}
