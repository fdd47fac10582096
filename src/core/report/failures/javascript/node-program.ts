import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createNodeCrashes } from './node-crash.ts';

/** Programs in node that end by an error nobody caught: scripts, builds, servers in tests. */
export const nodeProgram: FailureParser = {
  name: 'node',
  commands: /\bnode\b/,
  isLastResort: true,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  const crashes = createNodeCrashes((crash) => void findings.add({ kind: 'command', ...crash }));
  return { line: crashes.line, end: findings.all };
}
