import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { CASES, find, logOf } from './failure-logs.ts';

/** One folder a tool, one below it a case: `case.yml` (tool, command, source), `log.txt`, and `expected.yml`. */
const tools = readdirSync(CASES);

describe.each(tools)('%s', (tool) => {
  test.each(readdirSync(join(CASES, tool)))('%s', (name) => {
    const expected = join(CASES, tool, name, 'expected.yml');
    const found = { findings: find(logOf(`${tool}/${name}`)) };
    if (process.env.UPDATE_CASES === '1') writeFileSync(expected, dump(found, { lineWidth: -1 }));

    expect(load(readFileSync(expected, 'utf8'))).toEqual(JSON.parse(JSON.stringify(found)));
  });
});
