import { fileURLToPath } from 'node:url';
import type { RunningApp } from '../test/server/start-app.ts';

/** Of a process, in bytes, after collecting garbage. */
export interface Memory {
  readonly heap: number;
  readonly rss: number;
}

const PROGRAM = fileURLToPath(new URL('../bin/tekton-ci.js', import.meta.url));
/** Has a process collect its garbage when it is sent this signal. */
const COLLECT = 'SIGUSR2';
const COLLECTOR = `import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('${COLLECT}', () => collect());`;

/** The server whose memory can be read: arguments of Node. */
export const COLLECTING_SERVER = [
  `--import=data:text/javascript,${encodeURIComponent(COLLECTOR)}`,
  PROGRAM,
  'server',
];

export async function readMemory({ url, pid }: Pick<RunningApp, 'url' | 'pid'>): Promise<Memory> {
  // What the page itself loads when it is first asked for.
  await metricsOf(url);
  process.kill(pid, COLLECT);
  const metrics = await metricsOf(url);
  return {
    heap: readMetric(metrics, 'nodejs_heap_size_used_bytes'),
    rss: readMetric(metrics, 'process_resident_memory_bytes'),
  };
}

async function metricsOf(url: string): Promise<string> {
  const response = await fetch(new URL('/metrics', url));
  if (!response.ok) throw new Error(`/metrics answers ${response.status}`);
  return response.text();
}

function readMetric(metrics: string, name: string): number {
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics) ?? [];
  if (value === undefined) throw new Error(`there is no metric ${name}`);
  return Number(value);
}
