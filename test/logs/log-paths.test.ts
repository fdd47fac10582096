import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StepRef } from '../../src/core/pipeline/run.ts';
import { createLogPaths } from '../../src/logs/log-paths.ts';
import { anyText } from '../any-text.ts';

const paths = createLogPaths('/data');

const hostile = fc.oneof(
  anyText(),
  fc.string({ unit: fc.constantFrom('.', '/', '\\', '\0', '~', '%', '-', 'a', 'A', '\ud800') }),
  fc.constantFrom('', '.', '..', '../..', '/etc/passwd', 'CON', 'a/b', 'x'.repeat(5_000), 'ä'.repeat(200)),
);

describe('log paths', () => {
  test('a plain name is kept, so that an operator finds the file', () => {
    expect(paths.stepLog('api-4f2c9ab-1d0e3776', { stage: 'test', variant: '1.25' })).toBe(
      '/data/logs/api-4f2c9ab-1d0e3776/test-1.25.log',
    );
    expect(paths.stepLog('api-4f2c9ab-1d0e3776', { stage: 'clone' })).toBe(
      '/data/logs/api-4f2c9ab-1d0e3776/clone.log',
    );
    expect(paths.report('gate-1a2b')).toBe('/data/reports/gate-1a2b.json');
  });

  test('no name leads out of the directory, and every file name is one that file systems take', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, variant) => {
        const log = paths.stepLog(name, { stage: 'test', variant });
        const report = paths.report(name);

        expect(normalize(log)).toBe(log);
        expect(dirname(dirname(log))).toBe('/data/logs');
        expect(paths.runDirectory(name)).toBe(dirname(log));
        expect(dirname(report)).toBe('/data/reports');
        for (const path of [log, dirname(log), report]) {
          expect(basename(path)).toMatch(/^[a-z0-9~][a-z0-9._~-]*$/);
          expect(basename(path).length).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  test('different names never meet, not even where case does not count', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        fc.pre(one !== other);
        const ref = (variant: string): StepRef => ({ stage: 'deploy', variant });

        expect(paths.report(one).toLowerCase()).not.toBe(paths.report(other).toLowerCase());
        expect(paths.stepLog('r', ref(one)).toLowerCase()).not.toBe(
          paths.stepLog('r', ref(other)).toLowerCase(),
        );
      }),
    );
    expect(paths.report('Api')).not.toBe(paths.report('api'));
    expect(paths.stepLog('r', { stage: 'test', variant: '' })).not.toBe(
      paths.stepLog('r', { stage: 'test' }),
    );
    expect(join('/data/logs', 'r')).toBe(paths.runDirectory('r'));
  });
});
