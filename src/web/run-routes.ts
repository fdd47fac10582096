import type { ServerResponse } from 'node:http';
import type { Clock, Log, LogStore } from '../app/ports.ts';
import { NOT_FOUND_PAGE } from './page/not-found-page.ts';
import { reportPage } from './page/report-page.ts';
import { runPage } from './page/run-page.ts';
import type { RunLinks } from './run-links.ts';
import { type FindRun, type RunView, stepSlug } from './run-view.ts';
import { HTML, joined, sendPage, sendStream, TEXT } from './send.ts';

export interface RunRoutes {
  readonly links: Pick<RunLinks, 'verify'>;
  readonly findRun: FindRun;
  readonly logStore: Pick<LogStore, 'read'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Answers `/runs/<name>/<signature>` and `/runs/<name>/<signature>/logs/<step>`, given the decoded parts after `/runs/`. A wrong
 * signature gets the very answer of a name that does not exist.
 */
export async function answerRun(
  response: ServerResponse,
  parts: readonly string[],
  routes: RunRoutes,
): Promise<void> {
  const [name = '', signature = '', logs, step, ...rest] = parts;
  const wellFormed = rest.length === 0 && (logs === undefined || (logs === 'logs' && step !== undefined));
  const found = wellFormed && routes.links.verify(name, signature) ? await routes.findRun(name) : null;
  if (found === null) return sendPage(response, 404, NOT_FOUND_PAGE);
  if ('report' in found) {
    if (step !== undefined) return sendPage(response, 404, NOT_FOUND_PAGE);
    return sendPage(response, 200, reportPage(name, found.report));
  }
  if (step !== undefined) return sendRawLog(response, found, step, routes);
  return sendRunPage(response, found, signature, routes);
}

async function sendRunPage(
  response: ServerResponse,
  run: RunView,
  signature: string,
  { logStore, log, clock }: RunRoutes,
): Promise<void> {
  const headers = { 'Content-Type': HTML };
  if (isHead(response)) return void response.writeHead(200, headers).end();
  const page = runPage({
    run,
    // Relative to `/runs/<name>/`, so that it also holds behind a proxy that adds a path of its own.
    logsPath: `${signature}/logs`,
    readLog: (step, offset) => logStore.read(run.name, step, offset),
    now: clock.now(),
    onLogError: (error) => log.error({ err: error, run: run.name }, 'a log cannot be read'),
  });
  await sendStream(response, joined(page), headers);
}

async function sendRawLog(
  response: ServerResponse,
  run: RunView,
  slug: string,
  { logStore }: RunRoutes,
): Promise<void> {
  const step = run.steps.find(({ ref }) => stepSlug(ref) === slug);
  if (!step) return sendPage(response, 404, NOT_FOUND_PAGE);
  const headers = {
    'Content-Type': TEXT,
    'Content-Disposition': `inline; filename="${fileName(`${run.name}-${slug}`)}.log"`,
  };
  if (isHead(response)) return void response.writeHead(200, headers).end();
  await sendStream(response, logStore.read(run.name, step.ref), headers);
}

function isHead(response: ServerResponse): boolean {
  return response.req.method === 'HEAD';
}

function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_');
}
