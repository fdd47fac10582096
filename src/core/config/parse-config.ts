import type { Config } from './config.ts';
import { toProblem } from './finding.ts';
import type { Problem } from './problem.ts';
import { readProjects } from './read-projects.ts';
import { readYaml } from './yaml/read-yaml.ts';

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads the text of a `.tekton-ci.yml`: short forms widened, defaults filled in, projects with what they inherit.
 * Never throws: whatever is wrong is a problem with its place, and all problems are told at once, sorted by place.
 * A file that says nothing is one project at the root.
 */
export function parseConfig(text: string): ParsedConfig {
  const file = readYaml(text);
  if (!file.ok) return { ok: false, problems: sorted(file.problems) };
  const { config, findings } = readProjects(file.root, file.positions);
  if (findings.length === 0) return { ok: true, config };
  const problems = findings.map((finding) => toProblem(finding, file.root, file.positions));
  return { ok: false, problems: sorted(problems) };
}

/** By place; a problem inside an aliased value is found once for each alias and told once. */
function sorted(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .filter(({ line, column, code, message }) => {
      const key = `${line}:${column}:${code}:${message}`;
      return !seen.has(key) && seen.add(key);
    });
}
