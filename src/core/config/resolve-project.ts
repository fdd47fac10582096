import type { ProjectConfig } from './config.ts';
import { accept, type Reading, type Refusal } from './finding.ts';
import { knownService } from './known-services.ts';
import type { Problem } from './problem.ts';
import { resolveBuild, resolveTests } from './resolve-stage.ts';
import type { ProjectFiles, ResolvedProject } from './resolved-project.ts';

export type ProjectResolution =
  | { readonly ok: true; readonly project: ResolvedProject }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Decides what a project's files decide: its toolchain, versions, images and the commands of its stages.
 * `files` are those of the project's own directory. Problems stand at the project's key, or on line 1.
 */
export function resolveProject(project: ProjectConfig, files: ProjectFiles): ProjectResolution {
  const { test, build, position, excluded, ...rest } = project;
  const tests = test === undefined ? NO_TESTS : resolveTests(test, project, files);
  const built = build === undefined ? NO_BUILD : resolveBuild(build, project, files);
  if (!tests.ok || !built.ok) return { ok: false, problems: problemsOf(project, [tests, built]) };
  const { services, decisions } = startableServices(project);
  return {
    ok: true,
    project: {
      ...rest,
      services,
      tests: tests.value.stages,
      ...(built.value.stages !== undefined && { build: built.value.stages }),
      decisions: [...new Set([...tests.value.decisions, ...built.value.decisions, ...decisions])],
    },
  };
}

const NO_TESTS = accept({ stages: [], decisions: [] });
const NO_BUILD = accept({ stages: undefined, decisions: [] });

const FIRST_LINE = { line: 1, column: 1, endLine: 1, endColumn: 1 };

function problemsOf(
  { name, position = FIRST_LINE }: ProjectConfig,
  readings: readonly Reading<unknown>[],
): Problem[] {
  const refusals = readings.flatMap((reading): Refusal[] => (reading.ok ? [] : [reading.refusal]));
  const path = name === '.' ? '' : `projects.${name}`;
  const problems = refusals.map((refusal) => ({ ...refusal, ...position, path }));
  // Both stages may lack the same thing; it is told once.
  return problems.filter(
    (problem, index) => problems.findIndex(({ message }) => message === problem.message) === index,
  );
}

/** Known images that refuse to start without a setting get one, unless the config has any of those that would do. */
function startableServices({ services }: ProjectConfig): Pick<ResolvedProject, 'services' | 'decisions'> {
  const decisions: string[] = [];
  const startable = services.map((service) => {
    const { env, unless = [] } = knownService(service.image) ?? {};
    if (env === undefined || unless.some((name) => Object.hasOwn(service.env, name))) return service;
    decisions.push(
      `Service ${service.name} gets ${Object.keys(env).join(', ')}, without which its image does not start`,
    );
    return { ...service, env: { ...env, ...service.env } };
  });
  return { services: startable, decisions };
}
