import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DOLLAR, foreign } from '../../src/core/pipeline/env.ts';
import { expandEnvironment, expandVariables } from '../../src/local/expand-variables.ts';
import { substitute } from '../../src/local/substitution.ts';
import { anyText } from './fixture.ts';

const variables = new Map([
  ['VAR_A', 'A'],
  ['VAR_B', 'B'],
  ['VAR_C', 'C'],
  ['VAR_REF', '$(VAR_A)'],
  ['VAR_EMPTY', ''],
]);

describe('expandVariables', () => {
  // Inputs and outputs of Kubernetes' own test of its expansion.
  test.each([
    ['$(VAR_A)', 'A'],
    ['___$(VAR_B)___', '___B___'],
    ['$(VAR_A)$(VAR_B)$(VAR_C)', 'ABC'],
    ['$(VAR_A)_$(VAR_B)', 'A_B'],
    ['$$(VAR_B)_$(VAR_A)', '$(VAR_B)_A'],
    ['$$(VAR_A)_$$(VAR_B)', '$(VAR_A)_$(VAR_B)'],
    ['f000-$$VAR_A', 'f000-$VAR_A'],
    ['foo\\$(VAR_C)bar', 'foo\\Cbar'],
    ['foo\\\\$(VAR_C)bar', 'foo\\\\Cbar'],
    ['foo$(VAR_EMPTY)bar', 'foobar'],
    ['foo$(VAR_Awhoops!', 'foo$(VAR_Awhoops!'],
    ['f00__(VAR_A)__', 'f00__(VAR_A)__'],
    ['$?_boo_$!', '$?_boo_$!'],
    ['$VAR_A', '$VAR_A'],
    ['$(VAR_DNE)', '$(VAR_DNE)'],
    ['$$$$$$(BIG_MONEY)', '$$$(BIG_MONEY)'],
    ['$$$$$$(VAR_A)', '$$$(VAR_A)'],
    ['$$$$$$$(GOOD_ODDS)', '$$$$(GOOD_ODDS)'],
    ['$$$$$$$(VAR_A)', '$$$A'],
    ['$VAR_A)', '$VAR_A)'],
    ['$(VAR_B)_______$(A', 'B_______$(A'],
    ['$(VAR_C)_______$(', 'C_______$('],
    ['$(VAR_A)foobarzab$', 'Afoobarzab$'],
    ['foo-\\\\$(VAR_A', 'foo-\\\\$(VAR_A'],
    ['--$($($($($--', '--$($($($($--'],
    ['$($($($($--foo$(', '$($($($($--foo$('],
    ['foo0--$($($($(', 'foo0--$($($($('],
    ['$(foo$$var)', '$(foo$$var)'],
    ['$(VAR_REF)', '$(VAR_A)'],
    ['$$', '$'],
    ['$', '$'],
    ['', ''],
  ])('makes of %j %j', (text, expected) => {
    expect(expandVariables(text, variables)).toBe(expected);
  });

  test('takes time in proportion to the text, however it is nested', () => {
    const began = performance.now();
    for (const part of ['$(', '$(a', '$()', '$$(', ')', '$(VAR_A)', '$'])
      expandVariables(part.repeat(100_000), variables);
    expandVariables(`${'$('.repeat(100_000)})`, variables);

    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('expandEnvironment', () => {
  test('lets a value name only entries before it, with their final values', () => {
    const env = expandEnvironment([
      { name: 'LATE', value: '$(EARLY)' },
      { name: 'EARLY', value: 'e' },
      { name: 'NEXT', value: '$(EARLY)$(LATE)' },
      { name: 'SECRET', value: '$(EARLY)', secret: true },
      { name: 'EARLY', value: '2' },
      { name: 'LAST', value: '$(EARLY)$(SECRET)' },
    ]);

    expect(Object.fromEntries(env)).toEqual({
      LATE: '$(EARLY)',
      EARLY: '2',
      NEXT: 'e$(EARLY)',
      SECRET: '$(EARLY)',
      LAST: '2$(EARLY)',
    });
  });

  test('hands on any value whose dollars are written as the renderer writes them', () => {
    const hostile = fc.oneof(
      anyText(),
      fc
        .array(fc.constantFrom('$', '(', ')', '$(', '$$(', 'params.x', 'A', '`', '\n', "'", '"'))
        .map((parts) => parts.join('')),
    );
    const known = [new Map([['params.x', 'pasted']]), new Map([['workspaces.source.path', '/pasted']])];

    fc.assert(
      fc.property(hostile, (value) => {
        const entries = [DOLLAR, { name: 'A', value: 'pasted' }, foreign('VALUE', value)].map(
          ({ name, value: written = '' }) => ({ name, value: substitute(written, known) }),
        );

        expect(expandEnvironment(entries).get('VALUE')).toBe(value);
      }),
      { numRuns: 500 },
    );
  });
});
