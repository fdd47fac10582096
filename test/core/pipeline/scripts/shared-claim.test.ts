import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import {
  OPEN_SOURCE_SCRIPT,
  REMOVE_SOURCE_SCRIPT,
} from '../../../../src/core/pipeline/scripts/shared-claim.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'tekton-ci-claim-'));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

function run(script: string, env: Record<string, string>): number | null {
  return spawnSync('sh', ['-c', script], { env: { PATH: '/usr/bin:/bin', ...env } }).status;
}

test("a run's folder is opened to steps of every user", () => {
  const source = join(ROOT, 'a run');
  mkdirSync(source, { mode: 0o750 });

  expect(run(OPEN_SOURCE_SCRIPT, { TEKTON_CI_SOURCE: source })).toBe(0);
  expect(statSync(source).mode & 0o777).toBe(0o777);
});

test("a run's folder is removed, and no other's", () => {
  for (const name of ['mine', 'other']) {
    mkdirSync(join(ROOT, name, 'checkout'), { recursive: true });
    writeFileSync(join(ROOT, name, 'checkout/.hidden'), '');
  }
  const env = { TEKTON_CI_RUNS: ROOT, TEKTON_CI_RUN: 'mine' };

  expect(run(REMOVE_SOURCE_SCRIPT, env)).toBe(0);
  expect(existsSync(join(ROOT, 'mine'))).toBe(false);
  expect(existsSync(join(ROOT, 'other/checkout/.hidden'))).toBe(true);
  expect(run(REMOVE_SOURCE_SCRIPT, env)).toBe(0);
});
