import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { resolveProject } from '../../../src/core/config/resolve-project.ts';
import { type ConfigCase, casesOf, expectedOf, plain } from './cases.ts';
import { projectFilesOf } from './project-files.ts';

/** What a project has when nothing is said; expected.yaml leaves it out. `A project that says nothing…` below pins it. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  watch: [],
  deploy: [],
  services: [],
  env: {},
  secrets: [],
  cache: 'auto',
  clone: { depth: 1, submodules: true, lfs: false },
  timeout: 3600,
};

describe('valid configs', () => {
  test.each(casesOf('config'))('$name resolves as expected', (given) => {
    const actual = resolve(given);

    expect(plain(actual)).toEqual(expectedOf(given, actual));
  });

  test('A project that says nothing has the documented defaults', () => {
    const parsed = parseConfig('');

    expect(parsed).toEqual({
      ok: true,
      config: {
        monorepo: false,
        projects: [{ name: '.', path: '.', test: { env: {}, report: [] }, ...DEFAULTS }],
      },
    });
  });
});

function resolve({ text, files }: ConfigCase): unknown {
  const parsed = parseConfig(text);
  if (!parsed.ok) return { problems: parsed.problems };
  const { monorepo, projects } = parsed.config;
  return {
    ...(monorepo && { monorepo }),
    projects: projects.map((project) => {
      const resolved = resolveProject(project, projectFilesOf(files, project.path));
      return resolved.ok ? withoutDefaults(resolved.project) : resolved;
    }),
  };
}

function withoutDefaults(project: object): object {
  return Object.fromEntries(
    Object.entries(project).filter(([key, value]) => !isDeepStrictEqual(value, DEFAULTS[key])),
  );
}
