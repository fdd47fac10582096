import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { parseJunitReport } from '../../../../src/core/report/failures/jvm/junit-report.ts';
import { JunitReportError } from '../../../../src/core/report/failures/jvm/junit-xml.ts';

const CASES = new URL('../../../cases/failures-junit/', import.meta.url).pathname;

/** One folder a tool, one below it a case: `case.yml` (tool, command, source), `report.xml`, and `expected.yml`. */
const cases = readdirSync(CASES).flatMap((tool) =>
  readdirSync(join(CASES, tool)).map((name) => `${tool}/${name}`),
);

function reportOf(name: string): string {
  return readFileSync(join(CASES, name, 'report.xml'), 'utf8');
}

function errorOf(xml: string | Uint8Array): unknown {
  try {
    return parseJunitReport(xml);
  } catch (error) {
    return error;
  }
}

describe('a report of failed tests', () => {
  test.each(cases)('%s', (name) => {
    const expected = join(CASES, name, 'expected.yml');
    const found = { findings: parseJunitReport(readFileSync(join(CASES, name, 'report.xml'))) };
    if (process.env.UPDATE_CASES === '1') writeFileSync(expected, dump(found, { lineWidth: -1 }));

    expect(load(readFileSync(expected, 'utf8'))).toEqual(JSON.parse(JSON.stringify(found)));
  });

  test.each(cases)('%s is read with Windows line ends and a byte order mark', (name) => {
    expect(parseJunitReport(`\uFEFF${reportOf(name).replaceAll('\n', '\r\n')}`)).toEqual(
      parseJunitReport(reportOf(name)),
    );
  });

  test('may hold nothing', () => {
    expect(parseJunitReport('<testsuites/>')).toEqual([]);
    expect(
      parseJunitReport('<testsuites><testsuite name="a"><testcase name="b"/></testsuite></testsuites>'),
    ).toEqual([]);
  });

  test('may hold bytes that are no text, colours, and unknown entities', () => {
    const xml =
      '<testsuite><testcase name="a"><failure>\u001B[31mno &#27;[1m&lt;b&gt; &amp;lt; &#x41;\uFFFD</failure></testcase></testsuite>';

    expect(parseJunitReport(xml)).toMatchObject([{ name: 'a', message: 'no <b> &lt; A\uFFFD' }]);
  });
});

describe('what is no report', () => {
  const deep = (depth: number) => `${'<testsuite>'.repeat(depth)}${'</testsuite>'.repeat(depth)}`;

  test.each([
    ['nothing', '', 'bad-xml'],
    ['text', 'ok 1 - works', 'bad-xml'],
    ['XML that is cut', '<testsuites><testsuite name="a">', 'bad-xml'],
    ['tags that do not match', '<testsuites><testsuite></testsuites></testsuite>', 'bad-xml'],
    ['another document', '<html><body/></html>', 'no-report'],
    ['elements nested too deep', deep(100), 'bad-xml'],
    [
      'more characters that XML has not than anybody prints',
      `<testsuite>${'\u0001'.repeat(2000)}</testsuite>`,
      'bad-xml',
    ],
    ['more unknown entities than anybody writes', `<testsuite>${'&a;'.repeat(2000)}</testsuite>`, 'bad-xml'],
    ['a tag that is closed and never opened', '<testsuite></disallowed></testsuite>', 'bad-xml'],
    ['a document type', '<!DOCTYPE testsuites><testsuites/>', 'has-doctype'],
    [
      'entities that grow',
      '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><testsuites>&b;</testsuites>',
      'has-doctype',
    ],
    ['a report that is too large', `<testsuites>${' '.repeat(10_000_000)}</testsuites>`, 'too-large'],
  ])('%s is refused', (_name, xml, code) => {
    for (const input of [xml, new TextEncoder().encode(xml)]) {
      expect(errorOf(input)).toBeInstanceOf(JunitReportError);
      expect(errorOf(input)).toMatchObject({ code });
    }
  });

  test('names that a program could trip over are names', () => {
    const xml =
      '<testsuite><constructor/><testcase name="__proto__" __proto__="a"><error/></testcase></testsuite>';

    expect(parseJunitReport(xml)).toMatchObject([{ name: '__proto__' }]);
  });

  test('suites in suites are read to the depth that is allowed', () => {
    expect(parseJunitReport(deep(20))).toEqual([]);
  });

  test('gives the first 500 of 50,000 failures', () => {
    const cases = '<testcase name="a/b"><failure/></testcase>'.repeat(50_000);

    expect(parseJunitReport(`<testsuite>${cases}</testsuite>`)).toHaveLength(500);
  });

  test('a report with anything changed gives findings or a JunitReportError', async () => {
    const reports = cases.map(reportOf);
    const change = fc.record({
      report: fc.constantFrom(...reports),
      at: fc.nat(5000),
      remove: fc.nat(40),
      insert: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.constantFrom('<', '&', '"', '<!', ']]>', '</testsuite>'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ report, at, remove, insert }) => {
        const result = errorOf(report.slice(0, at) + insert + report.slice(at + remove));

        expect(Array.isArray(result) || result instanceof JunitReportError).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
