import type { LogMark } from '../../core/log-marks.ts';
import { type Html, html, joinHtml } from '../html.ts';
import { type LogLine, logLines } from '../log/log-lines.ts';
import { MAX_LINE_BYTES } from '../log/read-lines.ts';
import { renderLog } from '../log/render-log.ts';
import type { StepLog } from '../log/step-log.ts';
import { type StepView, stepSlug } from '../run-view.ts';
import { guardedLog } from './guarded-log.ts';
import { logTools } from './log-tools.ts';
import { findShownWindow, type ShownWindow } from './shown-window.ts';
import { icon, STEP_STATES } from './states.ts';
import { formatDuration } from './time.ts';

export interface StepSectionOptions {
  /** Where the steps' raw logs are, relative to the page, without a slash at its end. */
  readonly logsPath: string;
  readonly now: Date;
  /** The time that the page's bars stand for, in milliseconds. */
  readonly span: { readonly from: number; readonly to: number };
  /** The line that a reader without scripts asked for, and of which step. */
  readonly wanted: { readonly slug: string; readonly from: number } | null;
  log(step: StepView): StepLog;
  /** Renders these lines of a step's log, as long as it is, unless that was done for another reader. */
  shown(
    step: StepView,
    what: { readonly lines: string; readonly bytes: number },
    render: () => Promise<Html>,
  ): Promise<Html>;
  /** Told when a log cannot be read; the page says so in the log's place and goes on. */
  onLogError(error: unknown): void;
}

/** More of a log that somebody came to read; the other lines are behind links, and the script's to fetch. */
const WINDOWS = {
  failed: { maxLines: 1_000, maxBytes: 1_000_000 },
  other: { maxLines: 400, maxBytes: 200_000 },
};

/** One step: a row with its state and times, which opens to its log. Open by itself when it failed or runs. */
export async function* stepSection(step: StepView, options: StepSectionOptions): AsyncGenerator<Html> {
  const slug = stepSlug(step.ref);
  const row = stepRow(step, options);
  if (step.state === 'waiting' || step.state === 'skipped') {
    yield html`<section class="card step" id="${slug}"><div class="row">${row}</div></section>
`;
    return;
  }
  const open = step.state === 'failed' || step.state === 'running' || options.wanted?.slug === slug;
  yield html`<details class="card step" id="${slug}"${open && html` open`}><summary class="row">${row}</summary><div class="body">
`;
  yield* stepBody(step, slug, options);
  yield html`<span class="end" id="${slug}-end"></span></div></details>
`;
}

function stepRow(step: StepView, { span, now }: StepSectionOptions): Html {
  const { word, tone, icon: iconName } = STEP_STATES[step.state];
  const exit = step.state === 'failed' && step.exitCode !== undefined && html`, exit code ${step.exitCode}`;
  const from = step.startedAt?.getTime();
  const to = (step.finishedAt ?? now).getTime();
  return html`<span class="state ${tone}">${icon(iconName)}</span><span class="label ${tone}"><b>${step.label}</b><small>${word}${exit}</small></span>${timeBar(tone, span, from === undefined ? null : { from, to })}<span class="took">${from !== undefined && formatDuration(to - from)}</span>`;
}

/** When the step ran, drawn by attributes: the content policy forbids inline styles. */
function timeBar(
  tone: string,
  span: StepSectionOptions['span'],
  time: { readonly from: number; readonly to: number } | null,
): Html {
  const percent = (milliseconds: number) => (100 * milliseconds) / Math.max(1, span.to - span.from);
  const [x, width] = time ? [percent(time.from - span.from), percent(time.to - time.from)] : [0, 0];
  const rect = html`<rect x="${x.toFixed(2)}" width="${time ? Math.max(0.6, width).toFixed(2) : '0'}" height="8"/>`;
  return html`<svg class="bar ${tone}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${rect}</svg>`;
}

async function* stepBody(step: StepView, slug: string, options: StepSectionOptions): AsyncGenerator<Html> {
  let readable = true;
  const onError = (error: unknown) => {
    readable = false;
    options.onLogError(error);
  };
  const unreadable = (error: unknown) => {
    onError(error);
    return html``;
  };
  const log = guardedLog(options.log(step), onError);
  const { wanted } = options;
  const marks = await log.marks();
  const window = await findShownWindow(log, marks, {
    ...(step.state === 'failed' ? WINDOWS.failed : WINDOWS.other),
    from: wanted?.slug === slug ? wanted.from : null,
  });

  yield logTools({ slug, label: step.label, logsPath: options.logsPath, window });
  if (window.lines > 0) {
    const place = { slug, window, marks };
    yield html`<div class="log" role="region" aria-label="Log of ${step.label}" tabindex="0">`;
    // Other lines are given as they are read: they may be long, and hardly anybody else asks for the same.
    if (wanted?.slug === slug) yield* renderedLines(step, log, place);
    else yield await sharedLines(step, place, options).catch(unreadable);
    yield html`</div>`;
  } else if (readable) {
    yield html`<p class="empty">${step.state === 'running' ? 'Nothing written yet.' : 'This step wrote nothing.'}</p>`;
  }
  if (!readable) yield html`<p class="empty">The log cannot be read further just now.</p>`;
}

interface LogPlace {
  readonly slug: string;
  readonly window: ShownWindow;
  readonly marks: readonly LogMark[];
}

function renderedLines(
  step: StepView,
  log: StepLog,
  { slug, window, marks }: LogPlace,
): AsyncGenerator<Html> {
  const lines = logLines(log.read(window.begin.offset), {
    firstNumber: window.begin.line,
    maxLineBytes: MAX_LINE_BYTES,
  });
  return renderLog(linesOf(lines, window), { slug, openGroups: step.state === 'failed', marks });
}

/** Not of the guarded log: what breaks off must not be kept for others. */
function sharedLines(step: StepView, place: LogPlace, { log, shown }: StepSectionOptions): Promise<Html> {
  const { firstLine, lastLine, bytes } = place.window;
  return shown(step, { lines: `${firstLine}-${lastLine} ${step.state}`, bytes }, async () => {
    const parts: Html[] = [];
    for await (const part of renderedLines(step, log(step), place)) parts.push(part);
    return joinHtml(parts);
  });
}

async function* linesOf(
  lines: AsyncIterable<LogLine>,
  { firstLine, lastLine }: ShownWindow,
): AsyncGenerator<LogLine> {
  for await (const line of lines) {
    if (line.number >= firstLine) yield line;
    if (line.number >= lastLine) return;
  }
}
