import type { Button, CheckOutput, Conclusion } from './check.ts';
import { plain } from './markdown.ts';

/** A report as plain text, for the run page of a check that has no run of its own. */
export interface PlainReport {
  readonly title: string;
  readonly summary: string;
  readonly links?: readonly { readonly label: string; readonly url: string }[];
}

/** A check that is completed as soon as it is made, and its page. */
export interface FinalReport {
  readonly conclusion: Conclusion;
  readonly output: CheckOutput;
  readonly page: PlainReport;
  readonly buttons?: readonly Button[];
}

/** Of a commit that has nothing to run. */
export function skippedReport(reason: string): FinalReport {
  return textReport('skipped', 'Skipped', reason);
}

/** Of a commit that cannot be run as it is; `advice` says how to mend it. */
export function refusedReport(advice: string): FinalReport {
  return textReport('failure', 'This commit cannot be run', advice);
}

function textReport(conclusion: Conclusion, title: string, text: string): FinalReport {
  return {
    conclusion,
    output: { title, summary: plain(text), annotations: [] },
    page: { title, summary: text },
  };
}
