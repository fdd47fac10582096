import { type Html, html } from '../html.ts';
import { type RunView, stepSlug } from '../run-view.ts';
import type { WirePage } from '../wire.ts';
import { attemptsNav } from './attempts.ts';
import { wireRun } from './describe-wire.ts';
import { pageEnd, pageStart } from './layout.ts';
import { icon, RUN_STATES } from './states.ts';
import { type StepSectionOptions, stepSection } from './step-section.ts';
import { formatDuration, timeElement } from './time.ts';

export interface RunPageOptions extends Omit<StepSectionOptions, 'span'> {
  readonly run: RunView;
  /** Where the page's events are, relative to it. */
  readonly eventsPath: string;
  /** The address of another attempt's page. */
  url(name: string): string;
}

const REFRESH_SECONDS = 5;

/** The end of a log may come after the verdict. */
const SETTLED_MS = 60_000;

/** The page of a run, in pieces: no log is ever held whole. */
export async function* runPage(options: RunPageOptions): AsyncGenerator<Html> {
  const { run, now } = options;
  const { tone } = RUN_STATES[run.state];

  yield pageStart({
    title: `${run.title} · ${run.repository}`,
    tone,
    data: pageData(options),
    ...(!isFinished(run) && options.wanted === null && { refresh: REFRESH_SECONDS }),
  });
  yield pageHeader(run, now);
  yield attemptsNav(run, options.url);
  yield html`<div class="steps">
`;
  const span = runSpan(run, now);
  for (const step of run.steps) yield* stepSection(step, { ...options, span });
  yield html`</div>
`;
  yield decisions(run.decisions);
  yield pageEnd({ name: run.name, script: true });
}

export function isFinished({ state }: RunView): boolean {
  return state !== 'queued' && state !== 'in_progress';
}

function pageData({ run, now, logsPath, eventsPath }: RunPageOptions): WirePage {
  const settled = isFinished(run) && now.getTime() - (run.finishedAt ?? now).getTime() > SETTLED_MS;
  return { logs: logsPath, ...(!settled && { events: eventsPath }), run: wireRun(run, now, new Map()) };
}

function pageHeader(run: RunView, now: Date): Html {
  const { word, tone, icon: iconName } = RUN_STATES[run.state];
  const failed = run.steps.find((step) => step.state === 'failed');
  return html`<header>
<p class="where"><b>${run.repository}</b> / ${run.checkName}</p>
<h1 id="title">${run.title}</h1>
<ul class="facts">
<li class="verdict ${tone}" id="verdict">${icon(iconName)}<span>${word}</span></li>
<li>${commitLink(run)} on <code class="ref">${run.ref}</code></li>
<li>${run.trigger}</li>
${run.attempt > 1 && html`<li>attempt ${run.attempt}</li>`}
${run.startedAt && html`<li>${timeElement(run.startedAt)}</li>`}
<li id="took">${run.startedAt && formatDuration((run.finishedAt ?? now).getTime() - run.startedAt.getTime())}</li>
${failed && html`<li><a href="#${encodeURIComponent(stepSlug(failed.ref))}-end">Go to the failure</a></li>`}
</ul>
<p class="heard" id="announcement" role="status"></p>
</header>
`;
}

function commitLink({ sha, commitUrl }: RunView): Html {
  const short = html`<code>${sha.slice(0, 7)}</code>`;
  return /^https?:\/\//.test(commitUrl) ? html`<a href="${commitUrl}" title="${sha}">${short}</a>` : short;
}

/** From the first step's start to the last one's end, which is now while one runs. */
function runSpan({ steps }: RunView, now: Date): { readonly from: number; readonly to: number } {
  const started = steps.flatMap(({ startedAt }) => (startedAt ? [startedAt.getTime()] : []));
  const ended = steps.flatMap(({ startedAt, finishedAt }) =>
    startedAt ? [(finishedAt ?? now).getTime()] : [],
  );
  return { from: Math.min(...started), to: Math.max(...ended) };
}

function decisions(lines: readonly string[]): Html {
  if (lines.length === 0) return html``;
  return html`<details class="card fold"><summary>Decisions (${lines.length})</summary>
<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
</details>
`;
}
