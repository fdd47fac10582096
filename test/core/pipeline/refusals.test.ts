import { describe, expect, test } from '@jest/globals';
import type { DeployTarget } from '../../../src/core/config/config.ts';
import type { ResolvedProject } from '../../../src/core/config/resolved-project.ts';
import { claimFolder } from '../../../src/core/pipeline/folders.ts';
import { renderRun } from '../../../src/core/pipeline/render-run.ts';
import { helmTimeout } from '../../../src/core/pipeline/timeouts.ts';
import { UserError } from '../../../src/core/user-error.ts';
import { renderInput } from './examples.ts';

function refusal(project: Partial<ResolvedProject>, settings = {}): { code: string; message: string } | null {
  try {
    renderRun(renderInput(project, {}, settings));
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const { code, message } = error as UserError;
    return { code, message };
  }
}

function target(to: string, change: Partial<DeployTarget> = {}): DeployTarget {
  return { to, chart: 'helm', values: [], set: {}, approve: false, ...change };
}

describe('a secret that the operator does not give', () => {
  const given = { secrets: { NPM_TOKEN: { name: 'npm', key: 'token' } } };

  test('is refused by its name, with who can give it', () => {
    expect(refusal({ secrets: ['NPM_TOKEN', 'KEY'] }, given)).toEqual({
      code: 'secret-not-given',
      message:
        'The secret KEY is not given to acme/api: the operator of tekton-ci gives secrets to a repository, under `repositories` → `secrets` of the operator settings',
    });
    expect(refusal({ secrets: ['A', 'B'] })?.message).toMatch(
      /^The secrets A, B are not given to acme\/api:/,
    );
  });

  test('is not taken from what every object has', () => {
    expect(refusal({ secrets: ['constructor', 'toString'] })?.code).toBe('secret-not-given');
  });

  test('that is given is not refused', () => {
    expect(refusal({ secrets: ['NPM_TOKEN'] }, given)).toBeNull();
  });
});

describe('two targets that would be one release', () => {
  test('are refused', () => {
    expect(refusal({ deploy: [target('staging'), target('production')] })).toEqual({
      code: 'same-release',
      message:
        'The targets staging and production are both the release api in the namespace ci: give one of them a `namespace` or a `release`',
    });
  });

  test.each([
    [{ namespace: 'staging' }],
    [{ release: 'api-staging' }],
    [{ commands: ['make deploy'], chart: undefined }],
  ])('are not when one of them has %j', (change) => {
    const { chart, ...rest } = target('staging', change as Partial<DeployTarget>);
    const staging = chart === undefined ? rest : { ...rest, chart };

    expect(refusal({ deploy: [staging, target('production')] })).toBeNull();
  });
});

test.each([
  ['acme/api', 'acme/api'],
  ['../../etc', 'x/x/etc'],
  ['a//b', 'a/x/b'],
  ['$(params.x)', '-params.x-'],
  ['a b', 'a-b'],
])('%j as folders of a claim is %s', (name, folder) => {
  expect(claimFolder(name)).toBe(folder);
});

test.each([1, 10, 60, 119, 120, 900, 7200])(
  'Helm can wait for the new release and for the old one within %d seconds',
  (seconds) => {
    const limit = helmTimeout(seconds);

    expect(limit).toBeGreaterThanOrEqual(1);
    expect(seconds === 1 || 2 * limit < seconds).toBe(true);
  },
);
