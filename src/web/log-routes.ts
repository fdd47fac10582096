import type { ServerResponse } from 'node:http';
import { MOST_LINES, readLines } from './log/read-lines.ts';
import { searchLog } from './log/search-log.ts';
import { type StepLog, stepLog } from './log/step-log.ts';
import { NOT_FOUND_PAGE } from './page/not-found-page.ts';
import type { RunRoutes } from './run-routes.ts';
import { type RunView, type StepView, stepSlug } from './run-view.ts';
import { logKey } from './run-watch.ts';
import { isHead, JSON_TYPE, send, sendPage, sendStream, TEXT } from './send.ts';

export interface LogRequest {
  readonly run: RunView;
  readonly step: StepView;
  /** What is asked of the log; absent: the whole of it, as it is. */
  readonly part: string | undefined;
  readonly query: URLSearchParams;
}

const LONGEST_QUERY = 200;

/** Answers `logs/<step>`, and under that `lines?from=&count=`, `outline` and `search?q=`. */
export async function answerLog(
  response: ServerResponse,
  request: LogRequest,
  { logStore, scans, answers }: Pick<RunRoutes, 'logStore' | 'scans' | 'answers'>,
): Promise<void> {
  const { run, step, part, query } = request;
  const log = stepLog(logStore, run.name, step.ref);
  if (part === undefined) return sendRawLog(response, request, log);
  if (part === 'outline') {
    const key = logKey(run, step);
    const { bytes } = await scans.extent(key, log);
    const outline = async () => JSON.stringify(await scans.outline(key, log));
    return sendJson(response, await answers.shared(`${key} outline`, bytes, outline));
  }
  if (part === 'lines') {
    const key = logKey(run, step);
    const asked = `${key} lines ${query.get('from')} ${query.get('count')}`;
    return sendLines(response, query, (from, count) =>
      answers.shared(asked, scans.knownBytes(key), async () =>
        JSON.stringify(await readLines(log, from, count)),
      ),
    );
  }
  if (part === 'search') return sendSearch(response, query, log);
  sendPage(response, 404, NOT_FOUND_PAGE);
}

async function sendRawLog(response: ServerResponse, { run, step }: LogRequest, log: StepLog): Promise<void> {
  const headers = {
    'Content-Type': TEXT,
    'Content-Disposition': `inline; filename="${fileName(`${run.name}-${stepSlug(step.ref)}`)}.log"`,
  };
  if (isHead(response)) return void response.writeHead(200, headers).end();
  await sendStream(response, log.read(), headers);
}

async function sendLines(
  response: ServerResponse,
  query: URLSearchParams,
  read: (from: number, count: number) => Promise<string>,
): Promise<void> {
  const [from, count] = [Number(query.get('from')), Number(query.get('count'))];
  const isWhole = Number.isSafeInteger(from) && Number.isSafeInteger(count);
  if (!isWhole || from < 1 || count < 1 || count > MOST_LINES) {
    return refuse(response, `\`from\` is a line's number, and \`count\` is from 1 to ${MOST_LINES}`);
  }
  sendJson(response, await read(from, count));
}

async function sendSearch(response: ServerResponse, query: URLSearchParams, log: StepLog): Promise<void> {
  const text = query.get('q') ?? '';
  if (text === '' || text.length > LONGEST_QUERY) {
    return refuse(response, `\`q\` has from 1 to ${LONGEST_QUERY} characters`);
  }
  const left = new AbortController();
  response.once('close', () => left.abort());
  sendJson(response, JSON.stringify(await searchLog(log.read(), text, left.signal)));
}

function refuse(response: ServerResponse, why: string): void {
  send(response, { status: 400, type: TEXT, body: `${why}\n` });
}

function sendJson(response: ServerResponse, body: string): void {
  send(response, { status: 200, type: JSON_TYPE, body });
}

function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_');
}
