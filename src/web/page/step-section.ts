import type { StepRef } from '../../core/pipeline/run.ts';
import { type Html, html } from '../html.ts';
import { logLines } from '../log/log-lines.ts';
import { findLogWindow, type LogWindow } from '../log/log-window.ts';
import { renderLog } from '../log/render-log.ts';
import { type StepView, stepSlug } from '../run-view.ts';
import { STEP_STATES } from './states.ts';
import { formatDuration } from './time.ts';

export interface StepSectionOptions {
  /** Where the steps' raw logs are, relative to the page, without a slash at its end. */
  readonly logsPath: string;
  readonly now: Date;
  /** The time that the page's bars stand for, in milliseconds. */
  readonly span: { readonly from: number; readonly to: number };
  /** The log's bytes from `offset`. */
  readLog(step: StepRef, offset?: number): AsyncIterable<Uint8Array>;
  /** Told when a log cannot be read; the page says so in the log's place and goes on. */
  onLogError(error: unknown): void;
}

/** More of a log that somebody came to read; what is left out is in the raw log. */
const WINDOWS = {
  failed: { maxLines: 5_000, maxBytes: 2_000_000 },
  other: { maxLines: 2_000, maxBytes: 500_000 },
};
const MAX_LINE_BYTES = 8_000;

/** One step: a row with its state and times, which opens to its log. Open by itself when it failed or runs. */
export async function* stepSection(step: StepView, options: StepSectionOptions): AsyncGenerator<Html> {
  const slug = stepSlug(step.ref);
  const row = stepRow(step, options);
  if (step.state === 'waiting' || step.state === 'skipped') {
    yield html`<section class="card step" id="${slug}"><div class="row">${row}</div></section>
`;
    return;
  }
  const open = step.state === 'failed' || step.state === 'running';
  yield html`<details class="card step" id="${slug}"${open && html` open`}><summary class="row">${row}</summary>
`;
  yield* stepLog(step, slug, options);
  yield html`<span class="end" id="${slug}-end"></span></details>
`;
}

function stepRow(step: StepView, { span, now }: StepSectionOptions): Html {
  const { word, tone, icon } = STEP_STATES[step.state];
  const exit = step.state === 'failed' && step.exitCode !== undefined && html`, exit code ${step.exitCode}`;
  const from = step.startedAt?.getTime();
  const to = (step.finishedAt ?? now).getTime();
  return html`<span class="state ${tone}">${icon}</span><span class="label ${tone}">${step.label}<small>${word}${exit}</small></span>${timeBar(tone, span, from === undefined ? null : { from, to })}<span class="took">${from !== undefined && formatDuration(to - from)}</span>`;
}

/** When the step ran, drawn by attributes: the content policy forbids inline styles. */
function timeBar(
  tone: string,
  span: StepSectionOptions['span'],
  time: { readonly from: number; readonly to: number } | null,
): Html {
  const percent = (milliseconds: number) => (100 * milliseconds) / Math.max(1, span.to - span.from);
  const rect =
    time &&
    html`<rect x="${percent(time.from - span.from).toFixed(2)}" width="${Math.max(0.6, percent(time.to - time.from)).toFixed(2)}" height="8"/>`;
  return html`<svg class="bar ${tone}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${rect}</svg>`;
}

async function* stepLog(step: StepView, slug: string, options: StepSectionOptions): AsyncGenerator<Html> {
  const failed = step.state === 'failed';
  let readable = true;
  const onError = (error: unknown) => {
    readable = false;
    options.onLogError(error);
  };

  const window = await findLogWindow(
    untilError(options.readLog(step.ref), onError),
    failed ? WINDOWS.failed : WINDOWS.other,
  );
  if (window.lines > 0) {
    const raw = `${options.logsPath}/${encodeURIComponent(slug)}`;
    yield html`<div class="tools"><span>${windowNote(window)}</span><a href="${raw}">Raw log</a></div><div class="log">`;
    const lines = logLines(untilError(options.readLog(step.ref, window.offset), onError), {
      firstNumber: window.firstLine,
      maxLineBytes: MAX_LINE_BYTES,
    });
    yield* renderLog(lines, { slug, openGroups: failed });
    yield html`</div>`;
  } else if (readable) {
    yield html`<p class="empty">${step.state === 'running' ? 'Nothing written yet.' : 'This step wrote nothing.'}</p>`;
  }
  if (!readable) yield html`<p class="empty">The log cannot be read further just now.</p>`;
}

/** Ends where reading fails, so that what was begun on the page is closed. */
async function* untilError(
  bytes: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    onError(error);
  }
}

function windowNote({ firstLine, lines }: LogWindow): string {
  const count = (value: number) => value.toLocaleString('en');
  if (firstLine === 1) return lines === 1 ? '1 line' : `${count(lines)} lines`;
  return `The last ${count(lines - firstLine + 1)} of ${count(lines)} lines; all of them are in the raw log`;
}
