import type { Config } from './config.ts';
import { toProblem } from './finding.ts';
import type { Problem } from './problem.ts';
import { readProjects } from './read-projects.ts';
import { sortProblems } from './sort-problems.ts';
import { type FileAdvice, readYaml } from './yaml/read-yaml.ts';

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const ADVICE: FileAdvice = {
  tooLarge: 'move long scripts to files of their own and run those',
  severalDocuments: 'remove the `---` and what follows it; several projects go under `projects:`',
};

/**
 * Reads the text of a `.tekton-ci.yml`: short forms widened, defaults filled in, projects with what they inherit.
 * Never throws: whatever is wrong is a problem with its place, and all problems are told at once, sorted by place.
 * A file that says nothing is one project at the root.
 */
export function parseConfig(text: string): ParsedConfig {
  const file = readYaml(text, ADVICE);
  if (!file.ok) return { ok: false, problems: sortProblems(file.problems) };
  const { config, findings } = readProjects(file.root, file.positions);
  if (findings.length === 0) return { ok: true, config };
  const problems = findings.map((finding) => toProblem(finding, file.root, file.positions));
  return { ok: false, problems: sortProblems(problems) };
}
