import { describe, expect, test } from '@jest/globals';
import type { ResolvedProject } from '../../../src/core/config/resolved-project.ts';
import { planProject } from '../../../src/core/plan/plan-project.ts';
import { resolvedProject, runKey, stage } from './examples.ts';

function decisions(project: Partial<ResolvedProject>): readonly string[] {
  const plan = planProject(resolvedProject(project), runKey(), 'runs: because');
  return plan.runs ? plan.decisions : [plan.reason];
}

describe('the plan of a project tells every yes and no', () => {
  test('tests only', () => {
    expect(decisions({})).toEqual([
      'runs: because',
      'Go 1.25 from go.mod',
      'test: runs',
      'build: no, the config asks for none',
    ]);
  });

  test('a list of versions and a build', () => {
    const tests = ['1.25', '1.26'].map((variant) => ({ ...stage(), variant }));

    expect(decisions({ tests, build: stage() })).toEqual([
      'runs: because',
      'Go 1.25 from go.mod',
      'test: runs once for each of 1.25, 1.26',
      'build: runs',
    ]);
  });

  test('a build without tests', () => {
    expect(decisions({ tests: [], build: stage(), decisions: [] })).toEqual([
      'runs: because',
      'test: off in the config',
      'build: runs',
    ]);
  });

  test('nothing to run is skipped', () => {
    const plan = planProject(resolvedProject({ tests: [] }), runKey(), 'runs: because');

    expect(plan).toEqual({
      runs: false,
      name: '.',
      reason: 'skipped: test is off and there is no build',
    });
  });

  test('what is read but not run yet is said, key by key', () => {
    const image = {
      name: 'ghcr.io/acme/api',
      dockerfile: 'Dockerfile',
      context: '.',
      buildArgs: {},
      tags: [],
      push: 'auto',
      args: [],
    } as const;
    const deploy = [{ to: 'production', values: [], set: {}, approve: false }];
    const services = [{ name: 'db', image: 'postgres:17', env: {} }];

    expect(decisions({ image, deploy, services, secrets: ['NPM_TOKEN'] }).slice(4)).toEqual([
      'image: no, this version runs clone, test and build only (publish)',
      'deploy: no, this version runs clone, test and build only (publish)',
      'services: no, this version runs clone, test and build only (publish)',
      'secrets: no, this version runs clone, test and build only (publish)',
    ]);
  });

  test('the key and the project are those that were given', () => {
    const project = resolvedProject({ name: 'web' });
    const key = runKey({ project: 'web' });

    expect(planProject(project, key, 'runs: because')).toMatchObject({
      runs: true,
      name: 'web',
      key,
      project,
    });
  });
});
