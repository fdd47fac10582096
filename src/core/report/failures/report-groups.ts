import type { Finding } from './finding.ts';
import { parseJunitReport } from './jvm/junit-report.ts';
import { JunitReportError } from './jvm/junit-xml.ts';

/** Begins the title of a group that holds a test report, with the report's path after it; the group ends where the report does. */
export const REPORT_GROUP = 'tekton-ci: report ';

/** Bytes of all reports of a step that are put into its log. */
export const MOST_REPORT_BYTES = 2_000_000;

/** A test report as the log has it. */
export interface LoggedReport {
  readonly path: string;
  readonly text: string;
  /** The log's line at which it begins, from 1. */
  readonly line: number;
}

/** What the reports of a command say. */
export interface ReportFindings {
  readonly findings: readonly Finding[];
  /** Of reports that cannot be read: which, and why. */
  readonly problems: readonly string[];
}

/** Reads reports in JUnit's form. A report that cannot be read costs the others nothing. */
export function readReports(reports: readonly LoggedReport[]): ReportFindings {
  const findings: Finding[] = [];
  const problems: string[] = [];
  for (const { path, text, line } of reports) {
    try {
      for (const found of parseJunitReport(text)) findings.push({ ...found, line: line + found.line });
    } catch (error) {
      if (!(error instanceof JunitReportError)) throw error;
      problems.push(`${path}: ${error.message}`);
    }
  }
  return { findings, problems };
}

/**
 * A report names every test that failed, so it counts before what is read in the log, which may know better where: a test that both name
 * has the log's place when the report has none.
 */
export function withPlaces(reported: readonly Finding[], logged: readonly Finding[]): readonly Finding[] {
  if (reported.length === 0) return logged;
  const places = new Map(
    logged.flatMap(({ name, place }) => (place === null ? [] : [[name, place] as const])),
  );
  const placeOf = (name: string) => endsOf(name).flatMap((end) => places.get(end) ?? [])[0] ?? null;
  return reported.map((one) => (one.place === null ? { ...one, place: placeOf(one.name) } : one));
}

/** `x › Router.finds` ends in `Router.finds` and `finds`: reports name the class or package too. */
function endsOf(name: string): readonly string[] {
  return [
    name,
    ...[...name.matchAll(/[.:#>›/] ?/g)].map(({ 0: separator, index }) =>
      name.slice(index + separator.length),
    ),
  ];
}
