import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { annotationsOf, pathsOf } from '../../../../src/core/report/annotations.ts';
import { failureCard, failureName } from '../../../../src/core/report/failure-card.ts';
import type { StepFailure } from '../../../../src/core/report/failures/read-failure.ts';
import { runTitle } from '../../../../src/core/report/run-title.ts';
import { failed } from '../examples.ts';
import { CASES, logOf, read } from './failure-logs.ts';

/**
 * One folder a tool, one below it a case: `case.yml` (tool, command, source), `log.txt`, what is found in it as `expected.yml`, and as a person
 * reads it on GitHub as `expected.md`.
 */
const tools = readdirSync(CASES);

describe.each(tools)('%s', (tool) => {
  describe.each(readdirSync(join(CASES, tool)))('%s', (name) => {
    const failure = read(logOf(`${tool}/${name}`));
    const expected = (file: string, found: string) => {
      const path = join(CASES, tool, name, file);
      if (process.env.UPDATE_CASES === '1') writeFileSync(path, found);
      return readFileSync(path, 'utf8');
    };

    test('is found', () => {
      const found = { findings: failure.findings };

      expect(load(expected('expected.yml', dump(found, { lineWidth: -1 })))).toEqual(
        JSON.parse(JSON.stringify(found)),
      );
    });

    test('is told', () => {
      const told = tell(failure);

      expect(told).toBe(expected('expected.md', told));
    });
  });
});

/** The check's title, its card, and its annotations where every file that a tool names is in the repository. */
function tell(failure: StepFailure): string {
  const { findings } = failure;
  const files = new Map(pathsOf(findings, '.').map((path) => [path, Number.POSITIVE_INFINITY]));
  const annotations = annotationsOf(findings, { folder: '.', files }).map(
    ({ level, path, startLine, title }) => `- ${level} at ${path}:${startLine}: ${title}`,
  );
  const kind = findings[0]?.kind;
  const stage = kind === 'image' || kind === 'deploy' ? kind : 'test';
  const cause = { kind: 'step', step: { stage }, exitCode: 1 } as const;
  const title = runTitle({ ...failed(), cause }, failureName(failure));
  return [`# ${title}`, failureCard(failure), '## Annotations', annotations.join('\n') || 'none', '']
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}
