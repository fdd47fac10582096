import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  paramReplacements,
  substitute,
  substituteDeep,
  taskResultReferences,
} from '../../src/local/substitution.ts';
import { anyText } from './fixture.ts';

const replacements = new Map([
  ['params.x', 'one'],
  ['context.pipelineRun.name', 'a-run'],
]);

describe('substitute', () => {
  test.each([
    ['plain text', 'plain text'],
    ['$(params.x)', 'one'],
    ['a $(params.x) b $(params.x)', 'a one b one'],
    ['$$(params.x)', '$one'],
    ['$(unknown)', '$(unknown)'],
    ['$(params.y) $(date) $(echo $(params.x))', '$(params.y) $(date) $(echo one)'],
    ['$(params.x', '$(params.x'],
    ['$ (params.x) $params.x', '$ (params.x) $params.x'],
    ['$(context.pipelineRun.name)', 'a-run'],
    ['', ''],
  ])('makes of %j %j', (text, expected) => {
    expect(substitute(text, [replacements])).toBe(expected);
  });

  test('does not look at what it pasted in the same pass', () => {
    const nested = new Map([
      ['params.a', '$(params.b)'],
      ['params.b', 'no'],
    ]);

    expect(substitute('$(params.a)', [nested])).toBe('$(params.b)');
  });

  test('expands in a later pass what an earlier one pasted, as Tekton does', () => {
    const params = new Map([['params.a', '$(context.taskRun.name)']]);
    const contexts = new Map([['context.taskRun.name', 'a-run-ci']]);

    expect(substitute('$(params.a)', [params, contexts])).toBe('a-run-ci');
    expect(substitute('$(params.a)', [contexts, params])).toBe('$(context.taskRun.name)');
  });

  test('pastes replacement patterns of JavaScript as they are', () => {
    expect(substitute('$(params.a)', [new Map([['params.a', "$& $1 $$ $'"]])])).toBe("$& $1 $$ $'");
  });

  test('knows a param under all spellings', () => {
    const spellings = paramReplacements(new Map([['a.b', 'v']]));

    expect(substitute(`$(params['a.b']) $(params["a.b"])`, [spellings])).toBe('v v');
    // By a dot it would be a key of an object.
    expect(substitute('$(params.a.b)', [spellings])).toBe('$(params.a.b)');
  });

  test('leaves any text without a known reference as it is', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(substitute(text, [new Map([['\0nowhere', 'x']])])).toBe(text);
      }),
    );
  });

  test('takes time in proportion to the text, however it is nested', () => {
    const before = process.cpuUsage();
    for (const part of ['$(', '$(a', '$()', '$$(', ')', '$(params.x)'])
      substitute(part.repeat(100_000), [replacements]);

    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});

test('substituteDeep reaches every string value and no key', () => {
  const value = {
    '$(params.x)': ['$(params.x)', { env: '$(params.x)' }],
    number: 1,
    nothing: null,
    yes: true,
  };

  expect(substituteDeep(value, [replacements])).toEqual({
    '$(params.x)': ['one', { env: 'one' }],
    number: 1,
    nothing: null,
    yes: true,
  });
});

test('taskResultReferences finds each reference once, wherever it stands', () => {
  const value = {
    a: ['x $(tasks.clone.results.commit)'],
    b: '$(tasks.clone.results.commit)$(tasks.t.results.a.b)',
  };

  expect(taskResultReferences(value)).toEqual([
    { task: 'clone', result: 'commit' },
    { task: 't', result: 'a.b' },
  ]);
});
