import type { ServerResponse } from 'node:http';
import type { Clock, Log } from '../app/ports.ts';
import { type ReadableLogs, stepLog } from './log/step-log.ts';
import { answerLog } from './log-routes.ts';
import { NOT_FOUND_PAGE } from './page/not-found-page.ts';
import { reportPage } from './page/report-page.ts';
import { runPage } from './page/run-page.ts';
import type { RunLinks } from './run-links.ts';
import type { RunPages } from './run-pages.ts';
import { type Found, type RunView, stepSlug } from './run-view.ts';
import { logKey } from './run-watch.ts';
import { HTML, isHead, joined, sendPage, sendStream } from './send.ts';

export interface RunRoutes extends Omit<RunPages, 'events'> {
  readonly links: RunLinks;
  readonly logStore: ReadableLogs;
  readonly events: Pick<RunPages['events'], 'open'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
  /** Seconds after a run's end during which its links open its page; absent: as long as the run is kept. */
  readonly linksExpire?: number;
}

/** A request under `/runs/`. */
export interface RunRequest {
  /** The decoded parts of the path after `/runs/`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/**
 * Answers `/runs/<name>/<signature>`, and under that `events`, `logs/<step>` and what there is of a log. A wrong signature, and one that has
 * expired, gets the very answer of a name that does not exist.
 */
export async function answerRun(
  response: ServerResponse,
  request: RunRequest,
  routes: RunRoutes,
): Promise<void> {
  const [name = '', signature = '', ...rest] = request.parts;
  const found = routes.links.verify(name, signature) ? await routes.findRun(name) : null;
  if (found === null || isExpired(found, routes)) return sendPage(response, 404, NOT_FOUND_PAGE);
  if (rest.length === 0) return answerPage(response, name, found, { ...request, routes });
  if ('report' in found) return sendPage(response, 404, NOT_FOUND_PAGE);
  const [what, slug, part, ...more] = rest;
  if (what === 'events' && rest.length === 1) return routes.events.open(response, name);
  const step = found.steps.find(({ ref }) => stepSlug(ref) === slug);
  if (what !== 'logs' || step === undefined || more.length > 0)
    return sendPage(response, 404, NOT_FOUND_PAGE);
  return answerLog(response, { run: found, step, part, query: request.query }, routes);
}

/** Reports hold no logs, and no time: they are there as long as they are kept. */
function isExpired(found: NonNullable<Found>, { linksExpire, clock }: RunRoutes): boolean {
  if (linksExpire === undefined || 'report' in found || found.finishedAt === undefined) return false;
  return clock.now().getTime() - found.finishedAt.getTime() > linksExpire * 1_000;
}

async function answerPage(
  response: ServerResponse,
  name: string,
  found: NonNullable<Found>,
  request: RunRequest & { readonly routes: RunRoutes },
): Promise<void> {
  if ('report' in found) return sendPage(response, 200, reportPage(name, found.report));
  return sendRunPage(response, found, request);
}

async function sendRunPage(
  response: ServerResponse,
  run: RunView,
  { parts, query, routes }: RunRequest & { readonly routes: RunRoutes },
): Promise<void> {
  const { logStore, log, clock, links, shownLogs } = routes;
  const headers = { 'Content-Type': HTML };
  if (isHead(response)) return void response.writeHead(200, headers).end();
  const signature = parts[1] ?? '';
  const page = runPage({
    run,
    // Relative to `/runs/<name>/`, so that it also holds behind a proxy that adds a path of its own.
    logsPath: `${signature}/logs`,
    eventsPath: `${signature}/events`,
    wanted: wantedLines(query),
    url: (name) => links.url(name),
    log: (step) => stepLog(logStore, run.name, step.ref),
    shown: (step, what, render) => shownLogs.shared(`${logKey(run, step)} ${what.lines}`, what.bytes, render),
    now: clock.now(),
    onLogError: (error) => log.error({ err: error, run: run.name }, 'a log cannot be read'),
  });
  await sendStream(response, joined(page), headers);
}

function wantedLines(query: URLSearchParams): { readonly slug: string; readonly from: number } | null {
  const slug = query.get('step');
  const from = Number(query.get('from'));
  return slug !== null && Number.isSafeInteger(from) && from >= 1 ? { slug, from } : null;
}
