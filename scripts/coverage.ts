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

/** Prints the share of lines that ran, by folder; false when one is below its limit. */
export function reportCoverage(folders: { inProcess: string; children: string }): boolean {
  const map = readCoverage(folders.inProcess);
  if (existsSync(folders.children)) map.merge(childCoverage(folders.children));
  printLeast(map);
  return LIMITS.map(({ folder, percent }) => {
    const lines = lineShare(map, folder);
    console.log(`lines of ${folder}: ${lines.toFixed(1)} % (at least ${percent})`);
    return lines >= percent;
  }).every(Boolean);
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

function lineShare(map: CoverageMap, folder: string): number {
  const summary = libCoverage.createCoverageSummary();
  for (const file of map.files()) {
    if (relative(file).startsWith(folder)) summary.merge(map.fileCoverageFor(file).toSummary());
  }
  return summary.lines.pct;
}

/** The files that would gain most from a test. */
function printLeast(map: CoverageMap): void {
  const files = map.files().map((file) => {
    const { lines } = map.fileCoverageFor(file).toSummary();
    return { file: relative(file), missing: lines.total - lines.covered, percent: lines.pct };
  });
  for (const { file, missing, percent } of files.sort((a, b) => b.missing - a.missing).slice(0, 12)) {
    if (missing > 0) console.log(`  ${file}: ${missing} lines did not run (${percent} % did)`);
  }
}

function relative(file: string): string {
  return file.slice(process.cwd().length + 1);
}
