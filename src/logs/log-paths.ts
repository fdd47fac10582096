import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StepRef } from '../core/pipeline/run.ts';

/** Where the log store keeps things under its directory. No name, however hostile, leads out of it. */
export interface LogPaths {
  runDirectory(name: string): string;
  stepLog(name: string, step: StepRef): string;
  report(name: string): string;
}

export function createLogPaths(directory: string): LogPaths {
  const runDirectory = (name: string) => join(directory, 'logs', fileName(name));

  return {
    runDirectory,
    stepLog: (name, { stage, variant }) =>
      join(
        runDirectory(name),
        `${fileName(stage)}${variant === undefined ? '' : `-${fileName(variant)}`}.log`,
      ),
    report: (name) => join(directory, 'reports', `${fileName(name)}.json`),
  };
}

/** Lower case only: two names that differ in case must not meet on a file system that ignores it. */
const PLAIN_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** The name itself when it is a plain one, as nearly all are; else a hash of it, marked by `~` so that it equals no plain name. */
function fileName(name: string): string {
  return PLAIN_NAME.test(name) ? name : `~${createHash('sha256').update(name, 'utf16le').digest('hex')}`;
}
