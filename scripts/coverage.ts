/** Merges the coverage of Jest's own process (Istanbul) with that of the programs that tests start (V8). */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import libCoverage, { type CoverageMap } from 'istanbul-lib-coverage';

/** Least share of lines that must have run, in percent. */
const LIMITS = [
  { folder: 'src/core/', percent: 95 },
  { folder: 'src/', percent: 85 },
];

/** Of one file of `src`: how many lines can run, and how many did. */
interface Lines {
  readonly file: string;
  readonly total: number;
  readonly ran: number;
}

/** Prints the share of lines that ran, by folder; false when one is below its limit. */
export function reportCoverage(folders: { inProcess: string; children: string }): boolean {
  const files = readLines(folders);
  printLeast(files);
  return LIMITS.map(({ folder, percent }) => {
    const share = lineShare(files.filter(({ file }) => file.startsWith(folder)));
    console.log(`lines of ${folder}: ${share.toFixed(1)} % (at least ${percent})`);
    return share >= percent;
  }).every(Boolean);
}

/**
 * Istanbul says which lines can run, since V8 counts comments too; a line ran when it did in any process.
 */
function readLines({ inProcess, children }: { inProcess: string; children: string }): Lines[] {
  const own = readCoverage(inProcess);
  const others = existsSync(children) ? childCoverage(children) : libCoverage.createCoverageMap();
  return own.files().map((path) => {
    const lines = Object.entries(own.fileCoverageFor(path).getLineCoverage());
    const elsewhere = others.files().includes(path) ? others.fileCoverageFor(path).getLineCoverage() : {};
    const ran = lines.filter(([line, count]) => count > 0 || (elsewhere[Number(line)] ?? 0) > 0).length;
    return { file: relative(path), total: lines.length, ran };
  });
}

/** V8's raw coverage as Istanbul's, by c8's own command. */
function childCoverage(directory: string): CoverageMap {
  const arguments_ = [
    'report',
    `--temp-directory=${directory}`,
    `--reports-dir=${directory}/report`,
    '--reporter=json',
  ];
  execFileSync('node_modules/.bin/c8', [...arguments_, '--include=src/**', '--exclude='], {
    stdio: 'inherit',
  });
  return readCoverage(join(directory, 'report'));
}

function readCoverage(directory: string): CoverageMap {
  return libCoverage.createCoverageMap(
    JSON.parse(readFileSync(join(directory, 'coverage-final.json'), 'utf8')),
  );
}

function lineShare(files: readonly Lines[]): number {
  const sum = (read: (lines: Lines) => number) => files.reduce((total, lines) => total + read(lines), 0);
  return (100 * sum(({ ran }) => ran)) / sum(({ total }) => total);
}

/** The files that would gain most from a test. */
function printLeast(files: readonly Lines[]): void {
  const missing = ({ total, ran }: Lines) => total - ran;
  const least = files.filter((lines) => missing(lines) > 0).sort((a, b) => missing(b) - missing(a));
  for (const lines of least.slice(0, 12)) {
    console.log(`  ${lines.file}: ${missing(lines)} of ${lines.total} lines did not run`);
  }
}

function relative(file: string): string {
  return file.slice(process.cwd().length + 1);
}
