import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Row } from './table.ts';

const CHILD = fileURLToPath(new URL('live-runs.ts', import.meta.url));

/** What live runs take of the heap, engine, index and check reporters together, in a process of its own. */
export async function benchMemory(): Promise<Row[]> {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', CHILD], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const { none, half, all, runs } = JSON.parse(stdout) as Record<'none' | 'half' | 'all' | 'runs', number>;
  return [
    { name: `heap with ${runs} live runs`, value: all / 1e6, unit: 'MB', note: 'after collecting garbage' },
    { name: 'heap for each 1,000 live runs', value: (((all - none) / runs) * 1000) / 1e6, unit: 'MB' },
    {
      name: 'slope, second half over first',
      value: (all - half) / (half - none),
      unit: '×',
      note: '1 is linear',
    },
  ];
}
