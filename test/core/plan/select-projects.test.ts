import { describe, expect, test } from '@jest/globals';
import type { ProjectConfig } from '../../../src/core/config/config.ts';
import { selectProjects } from '../../../src/core/plan/select-projects.ts';
import { projectConfig } from './examples.ts';

function selected(project: Partial<ProjectConfig>, files: readonly string[], red: readonly string[] = []) {
  const changes = { kind: 'files', files, against: 'main' } as const;
  const [selection] = selectProjects(
    [projectConfig({ name: 'web', path: 'web', ...project })],
    changes,
    new Set(red),
  );
  return selection!;
}

describe('a project runs when a file of its own changed', () => {
  test.each<[string, Partial<ProjectConfig>, string[], boolean]>([
    ['under its path', {}, ['web/index.js'], true],
    ['deep under its path', {}, ['web/a/b/c/d.js'], true],
    ['a dot file under its path', {}, ['web/.npmrc'], true],
    ['not beside it', {}, ['api/index.js'], false],
    ['not in a folder whose name only begins alike', {}, ['website/index.js', 'web.md', 'webb'], false],
    ['not in a folder of the same name elsewhere', {}, ['libs/web/index.js'], false],
    ['not with other capitals', {}, ['Web/index.js'], false],
    ['the second of two paths of a rename', {}, ['api/moved.js', 'web/moved.js'], true],
    ['in a nested path', { path: 'apps/web' }, ['apps/web/a.js'], true],
    ['not above a nested path', { path: 'apps/web' }, ['apps/package.json'], false],
    ['anything, for a project at the root', { path: '.' }, ['README.md'], true],
    ['nothing at all', {}, [], false],
    ['nothing at all, at the root', { path: '.' }, [], false],
    ['the config itself concerns everybody', {}, ['.tekton-ci.yml'], true],
    ['a config elsewhere concerns nobody', {}, ['docs/.tekton-ci.yml'], false],
    ['a watched glob', { watch: ['libs/**'] }, ['libs/log/log.js'], true],
    ['a watched dot file', { watch: ['libs/**'] }, ['libs/.eslintrc'], true],
    ['a dot folder that is watched by name', { watch: ['.github/**'] }, ['.github/workflows/ci.yml'], true],
    ['a watched file of the root', { watch: ['*.json'] }, ['package.json'], true],
    ['not a deeper one', { watch: ['*.json'] }, ['api/package.json'], false],
    ['one of several globs', { watch: ['go.*', 'proto/*.proto'] }, ['proto/a.proto'], true],
    ['none of several globs', { watch: ['go.*', 'proto/*.proto'] }, ['proto/a/b.proto'], false],
    ['a name that looks like a pattern', { path: 'a[b]' }, ['a[b]/x'], true],
    ['not what such a pattern would match', { path: 'a[b]' }, ['ab/x'], false],
    ['an empty name is no file', { watch: ['**'] }, [''], false],
  ])('%s', (_name, project, files, runs) => {
    expect(selected(project, files).runs).toBe(runs);
  });
});

describe('every choice has its reason', () => {
  test('the first file that concerns the project is named', () => {
    expect(selected({}, ['README.md', 'web/a.js', 'web/b.js']).reason).toBe(
      'runs: web/a.js changed (3 files since main)',
    );
  });

  test('a skipped project says where it looked', () => {
    expect(selected({}, ['README.md']).reason).toBe(
      'skipped: no file under web/ changed (1 file since main)',
    );
    expect(selected({ watch: ['libs/**', 'go.mod'] }, []).reason).toBe(
      'skipped: no file under web/ or libs/** or go.mod changed (0 files since main)',
    );
    expect(selected({ path: '.' }, []).reason).toBe('skipped: no file under ./ changed (0 files since main)');
  });

  test('a project that was not green runs again, whatever changed', () => {
    expect(selected({}, ['README.md'], ['web'])).toMatchObject({
      runs: true,
      reason: 'runs: it was not green on main',
    });
    expect(selected({}, ['README.md'], ['api']).runs).toBe(false);
  });

  test('everything runs when the changes cannot be known', () => {
    const projects = [
      projectConfig({ name: 'api', path: 'api' }),
      projectConfig({ name: 'web', path: 'web' }),
    ];

    const selections = selectProjects(projects, { kind: 'everything', because: 'the push was forced' });

    expect(selections.map(({ project, runs, reason }) => [project.name, runs, reason])).toEqual([
      ['api', true, 'runs: the push was forced'],
      ['web', true, 'runs: the push was forced'],
    ]);
  });
});
