import { expect, test } from '@jest/globals';
import { checkName } from '../../../src/core/plan/check-name.ts';

test.each([
  [{}, 'tekton-ci'],
  [{ tag: null }, 'tekton-ci'],
  [{ project: 'web' }, 'tekton-ci / web'],
  [{ tag: 'v1.2.0' }, 'tekton-ci (tag v1.2.0)'],
  [{ project: 'web', tag: 'v1.2.0' }, 'tekton-ci / web (tag v1.2.0)'],
])('the check of %j is named %s', (options, name) => {
  expect(checkName(options)).toBe(name);
});
