import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DOLLAR, foreign, ours } from '../../../src/core/pipeline/env.ts';
import type { EnvVar } from '../../../src/core/pipeline/pipeline-run.ts';
import { expandEnvironment } from '../../../src/local/expand-variables.ts';
import { type Replacements, substituteDeep } from '../../../src/local/substitution.ts';

const TEKTON: Replacements = new Map([
  ['params.x', 'PASTED'],
  ["params['x']", 'PASTED'],
  ['workspaces.source.path', '/workspace/source'],
  ['results.commit.path', '/tekton/results/commit'],
  ['context.taskRun.name', 'PASTED'],
]);

/** What a process sees of a step's `env`: Tekton's pass, then Kubernetes', then Tekton's entrypoint, which expands as Kubernetes does. */
function arrive(...entries: EnvVar[]): ReadonlyMap<string, string> {
  const step = substituteDeep([DOLLAR, ...entries], [TEKTON, TEKTON]);
  return expandEnvironment(step.map(({ name, value = '' }) => ({ name, value })));
}

const HOSTILE = [
  '$(touch /pwned)',
  '`touch /pwned`',
  '$(params.x)',
  '$$(params.x)',
  "$(params['x'])",
  '$(workspaces.source.path)',
  '$(TEKTON_CI_DOLLAR)',
  '$$(TEKTON_CI_DOLLAR)',
  '$',
  '$$',
  '$$$',
  '$(',
  '$()',
  '$$((1 + 1))',
  '$(FIRST)',
  'end$',
  '"\'\\\n\t\r\u0001é日本😀',
  '',
  '$&$1$`',
];

describe("text from outside arrives byte for byte in a step's environment", () => {
  test.each(HOSTILE)('%j', (value) => {
    const variables = arrive(ours('FIRST', 'first'), foreign('VALUE', value), foreign('NEXT', value));

    expect(variables.get('VALUE')).toBe(value);
    expect(variables.get('NEXT')).toBe(value);
  });

  test('whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE, ')', '(', 'params.x', 'TEKTON_CI_DOLLAR', 'FIRST'),
      fc.string(),
    );
    const value = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(value, value, (first, second) => {
        const variables = arrive(foreign('FIRST', first), foreign('SECOND', second));
        expect(variables.get('FIRST')).toBe(first);
        expect(variables.get('SECOND')).toBe(second);
      }),
      { numRuns: 500 },
    );
  });
});

test('text of ours is expanded', () => {
  expect(arrive(ours('HOME', '$(workspaces.source.path)/home')).get('HOME')).toBe('/workspace/source/home');
});
