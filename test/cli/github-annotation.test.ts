import { expect, test } from '@jest/globals';
import { githubAnnotation } from '../../src/cli/github-annotation.ts';

test('githubAnnotation escapes what workflow commands would take for their own syntax', () => {
  const problem = {
    code: 'unknown-key',
    line: 3,
    column: 1,
    endLine: 3,
    endColumn: 7,
    path: '',
    message: '100%: no\nsuch key, ::error::',
    expected: 'a key',
    instead: 'write `test`',
  };

  expect(githubAnnotation(problem, 'a,b:c/.tekton-ci.yml')).toBe(
    '::error file=a%2Cb%3Ac/.tekton-ci.yml,line=3,col=1,endLine=3,endColumn=7,title=tekton-ci%3A unknown-key' +
      '::100%25: no%0Asuch key, ::error::; expected a key; write `test`',
  );
});
