/**
 * `npm run bench [-- NAME …]`: prints a table and writes bench/result.json. Nothing here passes or fails: machines differ,
 * so what can be compared is a ratio of two things measured side by side.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { benchCommands } from './commands.ts';
import { benchConfigs } from './configs.ts';
import { benchEngine } from './engine.ts';
import { benchFinishedRuns } from './finished-runs.ts';
import { benchKubernetes } from './kubernetes.ts';
import { benchLayouts } from './layouts.ts';
import { benchMemory } from './memory.ts';
import { benchPage } from './page.ts';
import { benchParsers } from './parsers.ts';
import { benchPushes } from './pushes.ts';
import { benchReports } from './reports.ts';
import { printTable, type Row } from './table.ts';

const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  configs: benchConfigs,
  commands: benchCommands,
  pushes: benchPushes,
  engine: benchEngine,
  memory: benchMemory,
  finished: benchFinishedRuns,
  kubernetes: benchKubernetes,
  layouts: benchLayouts,
  parsers: benchParsers,
  page: benchPage,
  reports: benchReports,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0)
  throw new Error(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);

const rows: Row[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  rows.push(...(await bench()));
}
printTable(rows);
const machine = {
  node: process.version,
  cores: availableParallelism(),
  platform: `${process.platform} ${process.arch}`,
};
writeFileSync('bench/result.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
