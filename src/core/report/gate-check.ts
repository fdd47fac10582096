import type { RunStatus } from '../pipeline/run-status.ts';
import { buttonsOf } from './buttons.ts';
import type { Check, Conclusion } from './check.ts';
import { cutBytes } from './cut-bytes.ts';
import { plain, table } from './markdown.ts';
import type { FinalReport, PlainReport } from './plain-output.ts';
import { runConclusion } from './run-check.ts';
import { runTitle } from './run-title.ts';
import { worst } from './worst.ts';

/** A project as the gate sees it: skipped with a reason, or a run; `status` is null until the run is known. */
export type GateRow =
  | { readonly project: string; readonly skipped: string }
  | { readonly project: string; readonly status: RunStatus | null; readonly url: string };

export interface GateFacts {
  readonly checkName: string;
  readonly externalId: string;
  readonly sha: string;
  readonly detailsUrl: string;
  readonly rows: readonly GateRow[];
}

const SUMMARY_LIMIT = 65_535;

/** The gate of several projects: the worst of them, live. A repository's rules require this one check. */
export function gateCheck(facts: GateFacts): Check {
  const conclusions = facts.rows.flatMap((row) => conclusionOf(row) ?? []);
  const status = gateStatus(facts.rows);
  const done = status === 'completed';
  const buttons = done ? buttonsOf(worst(conclusions)) : [];
  return {
    name: facts.checkName,
    headSha: facts.sha,
    externalId: facts.externalId,
    detailsUrl: facts.detailsUrl,
    ...(done
      ? { status: 'completed', conclusion: worst(conclusions), completedAt: lastFinish(facts.rows) }
      : { status }),
    output: { title: title(facts.rows, conclusions, done), summary: summary(facts.rows), annotations: [] },
    ...(buttons.length > 0 && { buttons }),
  };
}

/** The gate's status by itself. */
export function gateStatus(rows: readonly GateRow[]): Check['status'] {
  const states = rows.flatMap((row) => ('skipped' in row ? [] : [row.status?.phase ?? 'pending']));
  if (states.every((phase) => phase === 'done')) return 'completed';
  return states.every((phase) => phase === 'pending') ? 'queued' : 'in_progress';
}

function title(rows: readonly GateRow[], conclusions: readonly Conclusion[], done: boolean): string {
  if (conclusions.length === 0 && done) return 'Nothing to run';
  const running = rows.filter((row) => 'status' in row).length;
  if (!done) return `${conclusions.length} of ${running} done`;
  const red = rows
    .filter((row) => !['success', null].includes(conclusionOf(row)))
    .map(({ project }) => project);
  if (red.length > 0) return `${red.length} of ${running} not green: ${red.join(', ')}`;
  return running === 1 ? '1 project succeeded' : `${running} projects succeeded`;
}

/** The gate in plain text, for the run page. */
export function gateReport(rows: readonly GateRow[]): PlainReport {
  const check = gateCheck({ checkName: '', externalId: '', sha: '', detailsUrl: '', rows });
  return {
    title: check.output.title,
    summary: rows.map((row) => `${row.project}: ${rowText(row)}`).join('\n'),
    links: rows.flatMap((row) => ('skipped' in row ? [] : [{ label: row.project, url: row.url }])),
  };
}

/** A gate none of whose projects runs. */
export function skippedGateReport(rows: readonly GateRow[]): FinalReport {
  const { output } = gateCheck({ checkName: '', externalId: '', sha: '', detailsUrl: '', rows });
  return { conclusion: 'skipped', output, page: gateReport(rows) };
}

function rowText(row: GateRow): string {
  if ('skipped' in row) return row.skipped;
  return row.status === null ? 'Waiting' : runTitle(row.status);
}

function summary(rows: readonly GateRow[]): string {
  const cells = rows.map((row) => {
    const name = plain(row.project);
    return ['skipped' in row ? name : `[${name}](${row.url})`, plain(rowText(row))];
  });
  return cutBytes(table(['Project', 'Result'], cells), SUMMARY_LIMIT);
}

function conclusionOf(row: GateRow): Conclusion | null {
  return 'skipped' in row || row.status === null ? null : runConclusion(row.status);
}

function lastFinish(rows: readonly GateRow[]): Date {
  const ends = rows.map((row) =>
    'status' in row && row.status?.phase === 'done' ? row.status.finishedAt.getTime() : 0,
  );
  return new Date(Math.max(...ends));
}
