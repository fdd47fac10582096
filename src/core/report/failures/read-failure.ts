import { createCommandReader } from './command-lines.ts';
import { createFailureFinder } from './find-failures.ts';
import type { Finding } from './finding.ts';
import { createLastLines } from './last-lines.ts';
import { type LoggedReport, readReports, withPlaces } from './report-groups.ts';

/** What the log of a failed step tells. */
export interface StepFailure {
  /** What tools say of it, in the order of the log; empty when nothing is understood. */
  readonly findings: readonly Finding[];
  /** The command that failed and its last lines. */
  readonly lines: readonly string[];
  /** Test reports that cannot be read, and why; absent when all can. */
  readonly problems?: readonly string[];
}

export interface FailureReader {
  /** Takes the next piece of the log, cut between any two characters. */
  push(text: string): void;
  end(): StepFailure;
}

/** Reads a log of any length, once. */
export function createFailureReader(): FailureReader {
  const finder = createFailureFinder();
  const last = createLastLines();
  let reports: LoggedReport[] = [];
  const reader = createCommandReader({
    begin(command) {
      finder.begin(command);
      last.begin(command);
      reports = [];
    },
    line(text, number) {
      finder.line(text, number);
      last.line(text, number);
    },
    report: (report) => void reports.push(report),
  });
  return {
    push: reader.push,
    end() {
      reader.end();
      const { findings, problems } = readReports(reports);
      return {
        findings: withPlaces(findings, finder.end()),
        lines: last.end(),
        ...(problems.length > 0 && { problems }),
      };
    },
  };
}
