import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GO_MOD, LARGE, SMALL } from './samples.ts';
import { quantile, type Row } from './table.ts';

const PROGRAM = fileURLToPath(new URL('../bin/tekton-ci.js', import.meta.url));

const ROUNDS = 9;

/** Whole processes, from start to exit, in turn with a Node that does nothing. */
export async function benchCommands(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'tekton-ci-bench-'));
  try {
    return [
      ...measure('2 lines', writeProject(join(directory, 'small'), SMALL, ['.'])),
      ...measure('32 projects', writeProject(join(directory, 'large'), LARGE, services())),
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function measure(size: string, directory: string): Row[] {
  const commands: Record<string, string[]> = {
    nothing: ['--eval', '0'],
    lint: [PROGRAM, 'lint'],
    render: [PROGRAM, 'render'],
  };
  const times: Record<string, number[]> = { nothing: [], lint: [], render: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, words] of Object.entries(commands)) {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, words, {
        cwd: directory,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
      if (round > 0) times[name]?.push(performance.now() - start);
    }
  }
  const median = (name: string) => quantile(times[name] ?? [], 0.5);
  return ['lint', 'render'].flatMap((name): Row[] => [
    { name: `${name}, ${size}`, value: median(name), unit: 'ms', note: `median of ${ROUNDS}, whole process` },
    {
      name: `${name}, ${size}`,
      value: median(name) / median('nothing'),
      unit: '×',
      note: 'of a Node that does nothing',
    },
  ]);
}

function services(): string[] {
  return Array.from({ length: 32 }, (_, index) => `service-${index}`);
}

function writeProject(directory: string, config: string, paths: readonly string[]): string {
  for (const path of paths) {
    const file = join(directory, path, 'go.mod');
    mkdirSync(join(dirname(file), 'cmd'), { recursive: true });
    writeFileSync(file, GO_MOD);
  }
  writeFileSync(join(directory, '.tekton-ci.yml'), config);
  return directory;
}
