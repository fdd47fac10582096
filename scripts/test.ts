/**
 * `npm test [-- JEST ARGUMENTS]`: all tests; the last line is `N passed, N failed`. Those that need podman or
 * much time have scripts of their own, which call this one.
 * `npm test -- --coverage` also measures which lines of `src` ran, in this process and in the programs that the tests
 * start, and fails below the limits.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportCoverage } from './coverage.ts';

const argumentsOfJest = process.argv.slice(2).filter((argument) => argument !== '--coverage');
const coverage = process.argv.includes('--coverage');
const directory = mkdtempSync(join(tmpdir(), 'tekton-ci-test-'));
const result = join(directory, 'result.json');
const children = join(directory, 'children');
const inProcess = join(directory, 'in-process');

const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${result}`,
    ...(coverage ? ['--coverage', `--coverageDirectory=${inProcess}`, '--coverageReporters=json'] : []),
    ...argumentsOfJest,
  ],
  {
    stdio: ['inherit', 2, 'inherit'],
    env: { ...process.env, ...(coverage ? { TEKTON_CI_TEST_COVERAGE: children } : {}) },
  },
);

const covered = coverage && jest.status === 0 ? reportCoverage({ inProcess, children }) : true;
const counts = readCounts();
rmSync(directory, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = jest.status === 0 && covered ? 0 : 1;

function readCounts(): { passed: number; failed: number } {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(result, 'utf8'));
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites) };
}
