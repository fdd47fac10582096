import { describe, expect, test } from '@jest/globals';
import type { ResolvedProject } from '../../../src/core/config/resolved-project.ts';
import { planProject } from '../../../src/core/plan/plan-project.ts';
import { resolvedProject, runKey, stage } from './examples.ts';

function decisions(project: Partial<ResolvedProject>): readonly string[] {
  const plan = planProject(resolvedProject(project), runKey(), { reason: 'runs: because', branch: 'main' });
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
    const plan = planProject(resolvedProject({ tests: [] }), runKey(), {
      reason: 'runs: because',
      branch: 'main',
    });

    expect(plan).toEqual({
      runs: false,
      name: '.',
      reason: 'skipped: test is off and there is no build',
    });
  });

  const IMAGE = {
    name: 'ghcr.io/acme/api',
    dockerfile: 'Dockerfile',
    context: '.',
    buildArgs: {},
    tags: [],
    push: 'auto',
    args: [],
  } as const;
  const STAGING = { to: 'staging', values: [], set: {}, approve: false };
  const RELEASES = { to: 'releases', values: [], set: {}, approve: false, only: ['v*'] };

  test('an image and deploys', () => {
    expect(decisions({ image: IMAGE, deploy: [STAGING, RELEASES], secrets: ['NPM_TOKEN'] }).slice(4)).toEqual(
      [
        'image: built and pushed, this is the default branch',
        'deploy staging: runs, main matches',
        'deploy releases: no, main is not what it deploys: v*',
      ],
    );
  });

  test('an untrusted run, which gets no secrets', () => {
    const project = resolvedProject({ image: IMAGE, deploy: [STAGING], secrets: ['NPM_TOKEN', 'KEY'] });
    const key = runKey({ purpose: 'verify', trust: 'untrusted', base: 'main' });

    const plan = planProject(project, key, { reason: 'runs: because', branch: 'feature' });

    expect(plan.runs && plan.decisions.slice(1)).toEqual([
      "config: that of main, the commit's own does not count",
      'Go 1.25 from go.mod',
      'test: runs',
      'build: no, the config asks for none',
      'image: built but not pushed, the run is untrusted',
      'deploy staging: no, the run is untrusted',
      'secrets: none, the run is untrusted (NPM_TOKEN, KEY)',
    ]);
    expect(plan.runs && plan.project).toMatchObject({ deploy: [], secrets: [] });
  });

  test('the planned project has the targets that are deployed to', () => {
    const project = resolvedProject({ deploy: [STAGING, RELEASES] });

    const plan = planProject(project, runKey({ tag: 'v1' }), { reason: 'runs: because', branch: '' });

    expect(plan.runs && plan.project.deploy).toEqual([RELEASES]);
  });

  test.each([
    ['an image', { image: IMAGE }, true],
    ['a deploy', { deploy: [STAGING] }, true],
    ['a deploy elsewhere', { deploy: [RELEASES] }, false],
  ])('%s alone is something to run when this commit does it', (_what, change, runs) => {
    const plan = planProject(resolvedProject({ tests: [], ...change }), runKey(), {
      reason: 'runs: because',
      branch: 'main',
    });

    expect(plan.runs).toBe(runs);
    if (!plan.runs) {
      expect(plan.reason).toBe(
        'skipped: test is off and there is no build; deploy releases: no, main is not what it deploys: v*',
      );
    }
  });

  test('the key and the project are those that were given', () => {
    const project = resolvedProject({ name: 'web' });
    const key = runKey({ project: 'web' });

    expect(planProject(project, key, { reason: 'runs: because', branch: 'main' })).toMatchObject({
      runs: true,
      name: 'web',
      key,
      project,
    });
  });
});
