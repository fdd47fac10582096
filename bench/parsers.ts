import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { FailureParser } from '../src/core/report/failures/failure-parser.ts';
import { parseJunitReport } from '../src/core/report/failures/jvm/junit-report.ts';
import { PARSERS } from '../src/core/report/failures/parsers.ts';
import { createFailureReader } from '../src/core/report/failures/read-failure.ts';
import { createLineReader } from '../src/core/report/log-lines.ts';
import type { Row } from './table.ts';

const CASES = new URL('../test/cases/failures/', import.meta.url);
const REPORTS = new URL('../test/cases/failures-junit/', import.meta.url);
const MEGABYTES = 20;

interface Sample {
  readonly command: string;
  readonly lines: readonly string[];
}

/** How fast logs are read: each parser over what its own tool prints when it fails, the worst that can come, and all of them together. */
export async function benchParsers(): Promise<Row[]> {
  const samples = readSamples();
  const everything = samples.flatMap(({ lines }) => lines);
  const own = (parser: FailureParser) => {
    const lines = samples.flatMap((sample) => (parser.commands.test(sample.command) ? sample.lines : []));
    return lines.length > 0 ? lines : everything;
  };
  return [
    row(
      'read lines',
      rate(everything, (text) => readLines(text)),
      'without any parser',
    ),
    ...PARSERS.map((parser) =>
      row(`parser: ${parser.name}`, rateOfParser(parser, own(parser)), 'failures of its tool, nothing else'),
    ),
    row('parser: JUnit XML', rateOfReports(), 'reports of failed tests, as one'),
    row(
      'all parsers',
      rate(everything, (text) => readFailure(text)),
      'failures of every tool',
    ),
  ];
}

function row(name: string, value: number, note: string): Row {
  return { name, value, unit: 'MB/s', note: `${note}; CPU time` };
}

function readSamples(): Sample[] {
  return filesBelow(CASES, 'log.txt').map((log) => {
    const { command } = load(readFileSync(new URL('case.yml', log), 'utf8')) as { command: string };
    const lines: string[] = [];
    const reader = createLineReader({ longest: 4000 }, (line) => lines.push(line));
    reader.push(readFileSync(log, 'utf8'));
    reader.end();
    return { command, lines: lines.filter((line) => !line.startsWith('::')) };
  });
}

/** That file of each case. */
function filesBelow(cases: URL, file: string): URL[] {
  return readdirSync(cases).flatMap((tool) =>
    readdirSync(new URL(`${tool}/`, cases)).map((name) => new URL(`${tool}/${name}/${file}`, cases)),
  );
}

function rateOfParser(parser: FailureParser, lines: readonly string[]): number {
  const rounds = roundsFor(lines);
  return megabytesPerSecond(lines, rounds, () => {
    const reading = parser.start('');
    let number = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const line of lines) {
        number += 1;
        reading.line(line, number);
      }
    }
    reading.end();
  });
}

/** Of a report as large as any is taken. */
function rateOfReports(): number {
  const suites = filesBelow(REPORTS, 'report.xml')
    .map((file) => readFileSync(file, 'utf8').replaceAll(/<\?xml[^>]*>|<\/?testsuites[^>]*>/g, ''))
    .join('');
  const report = `<testsuites>${suites.repeat(Math.floor(9e6 / suites.length))}</testsuites>`;
  return megabytesPerSecond([report], 1, () => parseJunitReport(report));
}

function rate(lines: readonly string[], read: (text: string) => void): number {
  const rounds = roundsFor(lines);
  const text = `${lines.join('\n')}\n`.repeat(rounds);
  return megabytesPerSecond(lines, rounds, () => read(text));
}

function readLines(text: string): void {
  const reader = createLineReader({ longest: 4000 }, () => {});
  reader.push(text);
  reader.end();
}

function readFailure(text: string): void {
  const reader = createFailureReader();
  reader.push(text);
  reader.end();
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

function roundsFor(lines: readonly string[]): number {
  return Math.ceil((MEGABYTES * 1e6) / bytesOf(lines));
}

/** The best of some: the first ones also compile. */
function megabytesPerSecond(lines: readonly string[], rounds: number, work: () => void): number {
  const rates = [1, 2, 3, 4].map(() => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (bytesOf(lines) * rounds) / (user + system);
  });
  return Math.max(...rates);
}
