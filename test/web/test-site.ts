import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log, LogStore } from '../../src/app/ports.ts';
import type { Stage, StepRef } from '../../src/core/pipeline/run.ts';
import type { StepState } from '../../src/core/pipeline/run-status.ts';
import { createDiskLogStore } from '../../src/logs/disk-log-store.ts';
import type { ReadableLogs } from '../../src/web/log/step-log.ts';
import { createRequestListener } from '../../src/web/request-listener.ts';
import { createRunLinks } from '../../src/web/run-links.ts';
import { createRunPages } from '../../src/web/run-pages.ts';
import type { FindRun, Found, RunView } from '../../src/web/run-view.ts';
import { startWebServer } from '../../src/web/web-server.ts';

/** The real listener on loopback, with a log store on disk and runs that a test puts there. */
export async function startTestSite() {
  const directory = mkdtempSync(join(tmpdir(), 'tekton-ci-web-'));
  const disk = createDiskLogStore({ directory });
  const links = createRunLinks({ baseUrl: '', secret: 'secret' });
  const runs = new Map<string, Found>();
  const logged: { fields: object; message: string }[] = [];
  /** A test may put others in their place until `clear`. */
  const parts: {
    readLog: LogStore['read'];
    findRun: FindRun;
    now(): Date;
    linksExpire: number;
    ready: Record<string, () => boolean>;
  } = {
    readLog: disk.read,
    findRun: (name) => runs.get(name) ?? null,
    now: () => at(60),
    linksExpire: Number.POSITIVE_INFINITY,
    ready: {},
  };
  const original = { ...parts };
  const log = recordingLog(logged);
  const clock = { now: () => parts.now() };
  const logStore: ReadableLogs = { read: (...args) => parts.readLog(...args), marks: disk.marks };
  const pages = {
    logStore,
    ...createRunPages({ findRun: (name) => parts.findRun(name), logStore, clock, log }),
  };
  const server = await startWebServer({
    port: 0,
    host: '127.0.0.1',
    listener: createRequestListener({
      get linksExpire() {
        return parts.linksExpire;
      },
      webhook: {
        path: '/api/github/webhooks',
        handler: (_, response) => response.writeHead(202).end('taken'),
      },
      links,
      ...pages,
      ready: {
        engine: async () => parts.ready.engine?.() ?? true,
        'first list of runs': () => parts.ready.list?.() ?? true,
      },
      log,
      clock,
    }),
  });

  return {
    runs,
    logged,
    parts,
    port: server.port,
    /** The path of a run's page. */
    page: (name: string) => links.url(name),
    get: (path: string) => ask('GET', path, server.port),
    ask: (method: string, path: string) => ask(method, path, server.port),
    write: (name: string, ref: StepRef, text: string, seconds = 0) =>
      disk.append(name, ref, { at: at(seconds), bytes: Buffer.from(text) }),
    clear() {
      runs.clear();
      logged.length = 0;
      Object.assign(parts, original);
    },
    async close() {
      pages.events.close();
      await server.close();
      await disk.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** By `node:http`, which sends a path as it is. */
export function ask(method: string, path: string, port: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ method, path, port, host: '127.0.0.1', agent: false }, async (response) => {
      try {
        let body = '';
        for await (const chunk of response.setEncoding('utf8')) body += chunk;
        resolve({ status: response.statusCode!, headers: response.headers, body });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on('error', reject).end();
  });
}

export function at(seconds: number): Date {
  return new Date(Date.UTC(2026, 10, 23, 8, 15, seconds));
}

export function step(stage: Stage, state: StepState, from?: number, to?: number): RunView['steps'][number] {
  return {
    ref: { stage },
    label: stage,
    state,
    ...(from !== undefined && { startedAt: at(from) }),
    ...(to !== undefined && { finishedAt: at(to) }),
    ...(state === 'failed' && { exitCode: 1 }),
  };
}

export function run(changes: Partial<RunView> = {}, without: (keyof RunView)[] = []): RunView {
  const view: RunView = {
    name: 'run',
    repository: 'acme/api',
    sha: '4f2c9ab1d0e37765a1b2c3d4e5f60718293a4b5c',
    ref: 'feature/router',
    project: '.',
    checkName: 'tekton-ci',
    title: 'test failed: TestRouter',
    state: 'failure',
    attempt: 1,
    attempts: [],
    trigger: 'push by octocat',
    startedAt: at(0),
    finishedAt: at(50),
    steps: [step('clone', 'succeeded', 0, 3), step('test', 'failed', 3, 50), step('build', 'skipped')],
    decisions: [],
    commitUrl: 'https://github.com/acme/api/commit/4f2c9ab',
    ...changes,
  };
  for (const key of without) delete (view as Partial<Record<keyof RunView, unknown>>)[key];
  return view;
}

function recordingLog(logged: { fields: object; message: string }[]): Log {
  const record = (fields: object, message: string) => void logged.push({ fields, message });
  return { debug() {}, info() {}, warn() {}, error: record, child: () => recordingLog(logged) };
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('not within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
