import { parseConfig } from '../src/core/config/parse-config.ts';
import { renderConfig } from './render-sample.ts';
import { LARGE, SMALL } from './samples.ts';
import { quantile, type Row } from './table.ts';

const ROUNDS = 60;

/** Parsing and rendering in process, after a warm-up: what one push costs of one core. */
export async function benchConfigs(): Promise<Row[]> {
  return [
    { name: 'parse, 2 lines', value: time(() => parseConfig(SMALL)), unit: 'ms', note: 'median, in process' },
    {
      name: 'parse, 32 projects',
      value: time(() => parseConfig(LARGE)),
      unit: 'ms',
      note: 'median, in process',
    },
    {
      name: 'parse and render, 2 lines',
      value: time(() => renderConfig(SMALL)),
      unit: 'ms',
      note: 'median, in process',
    },
    {
      name: 'parse and render, 32 projects',
      value: time(() => renderConfig(LARGE)),
      unit: 'ms',
      note: 'median, in process: 32 PipelineRuns of 4 tasks each',
    },
  ];
}

function time(work: () => unknown): number {
  const times = Array.from({ length: 2 * ROUNDS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return quantile(times.slice(ROUNDS), 0.5);
}
