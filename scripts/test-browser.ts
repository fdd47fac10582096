/**
 * `npm run test:browser [-- test/browser/FILE] [-- JEST ARGUMENTS]`: the run page in Chromium, which is the one that `CHROMIUM` names, or the
 * first in `PATH`. Without one it says so and tests nothing. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { findChromium } from '../test/browser/find-chromium.ts';

const given = process.argv.slice(2);
const files = given.some((argument) => argument.startsWith('test/browser/')) ? [] : ['test/browser/'];
if (findChromium() === null) {
  console.log('skipped: there is no Chromium; install it, or let CHROMIUM name one');
  console.log('0 passed, 0 failed');
} else {
  const { status } = spawnSync(
    process.execPath,
    ['scripts/test.ts', '--testPathIgnorePatterns=/node_modules/', '--maxWorkers=1', ...files, ...given],
    { stdio: 'inherit' },
  );
  process.exitCode = status === 0 ? 0 : 1;
}
