import type { Html } from './html.ts';
import { createLogAnswers, type LogAnswers } from './log/log-answers.ts';
import { createLogScans, type LogScans } from './log/log-scans.ts';
import { createRunEvents, type RunEvents } from './run-events.ts';
import type { FindRun } from './run-view.ts';
import { createRunWatches, type RunWatchPorts } from './run-watch.ts';

/** Far fewer than what would be noticed: each is some ten kilobytes, and a log as it is shown some hundred. */
const MOST_ANSWERS = 10;
const MOST_SHOWN_LOGS = 4;

/** What all pages of runs share. */
export interface RunPages {
  readonly findRun: FindRun;
  readonly scans: LogScans;
  /** Parts of logs, as JSON. */
  readonly answers: LogAnswers<string>;
  /** Logs as their pages begin with them. */
  readonly shownLogs: LogAnswers<Html>;
  readonly events: RunEvents;
}

export function createRunPages(ports: Omit<RunWatchPorts, 'scans'>): RunPages {
  const scans = createLogScans(ports.clock);
  const watches = createRunWatches({ ...ports, scans });
  return {
    findRun: ports.findRun,
    scans,
    answers: createLogAnswers(MOST_ANSWERS),
    shownLogs: createLogAnswers(MOST_SHOWN_LOGS),
    events: createRunEvents({ watches }),
  };
}
