import { createLineReader, type LineReader, shorten } from '../log-lines.ts';
import { type LoggedReport, MOST_REPORT_BYTES, REPORT_GROUP } from './report-groups.ts';

/** Characters of a line that are kept. */
const LINE_LENGTH = 4000;

/** Our own words below a command that failed, which the stage table says as well. */
const FOOTER = 'tekton-ci: command ';

const GROUP = '::group::';
const END = '::endgroup::';

/** Told of the commands of a step's log. */
export interface CommandListener {
  /** A command begins, with its first line; '' where the log is of no command. What was told of another one counts no more. */
  begin(command: string): void;
  /** A line of it; `number` counts the lines of the log from 1. */
  line(text: string, number: number): void;
  /** A test report of it, whose lines are told of here alone. */
  report?(report: LoggedReport): void;
}

/**
 * Reads a step's log by its commands. A log's groups are its commands; one that went well closes its group, so what is not closed in the
 * end is the command that failed. Groups that a command prints itself are part of it.
 */
export function createCommandReader({ begin, line, report }: CommandListener): LineReader {
  let depth = 0;
  let number = 0;
  let reading: OpenReport | null = null;
  const open = (title: string) => {
    if (title.startsWith(REPORT_GROUP)) {
      reading = openReport(title.slice(REPORT_GROUP.length), number);
      return;
    }
    depth += 1;
    if (depth === 1) begin(title);
  };
  const close = () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) begin('');
  };
  const closeReport = ({ path, lines, line: at }: OpenReport) => {
    reading = null;
    report?.({ path, text: lines.join('\n'), line: at });
  };
  begin('');
  // A report may be one line.
  return createLineReader({ longest: MOST_REPORT_BYTES }, (text) => {
    number += 1;
    if (reading !== null) {
      if (text === END) closeReport(reading);
      else addTo(reading, text);
    } else if (text.startsWith(GROUP)) open(text.slice(GROUP.length));
    else if (text === END) close();
    else if (!text.startsWith(FOOTER)) line(shorten(text, LINE_LENGTH), number);
  });
}

interface OpenReport {
  readonly path: string;
  readonly line: number;
  readonly lines: string[];
  room: number;
}

function openReport(path: string, line: number): OpenReport {
  return { path, line, lines: [], room: MOST_REPORT_BYTES };
}

/** What is too large is cut, and so is no XML any more. */
function addTo(report: OpenReport, text: string): void {
  report.room -= text.length + 1;
  if (report.room >= 0) report.lines.push(text);
}
