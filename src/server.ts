import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { createFollower, type Follower } from './app/checks/follow-runs.ts';
import { createEventHandler } from './app/events/handle-event.ts';
import type { Leadership } from './app/leadership.ts';
import type { Log, LogStore } from './app/ports.ts';
import { describeRun } from './app/runs/describe-run.ts';
import type { RunIndex } from './app/runs/run-index.ts';
import { createSecretRegister } from './app/runs/secret-register.ts';
import { createSupervisor, type SuperviseOptions, type Supervisor } from './app/runs/supervise-runs.ts';
import { type SweepPorts, sweepDeliveries } from './app/sweeps/sweep-deliveries.ts';
import { type HeadSweepPorts, sweepHeads } from './app/sweeps/sweep-heads.ts';
import { CONFIG_FILE, TOOLCHAIN_FILES } from './core/config/toolchain-files.ts';
import type { GitHubEvent } from './core/plan/event.ts';
import { settingsFor } from './core/settings/settings-for.ts';
import { createChecks } from './github/checks.ts';
import { createGitHubClients, type GitHubClients } from './github/clients.ts';
import { createHeads } from './github/heads.ts';
import { createHookDeliveries } from './github/hook-deliveries.ts';
import { createProbotApp } from './github/probot-app.ts';
import { createPullRequests } from './github/pull-requests.ts';
import { createRepositories } from './github/repositories.ts';
import { createWebhookHandler } from './github/webhook-handler.ts';
import { createApp, EVENTS } from './index.ts';
import type { Runtime } from './local/runtime.ts';
import { systemClock as clock } from './local/system-clock.ts';
import { createLog } from './log.ts';
import { createMarkFile } from './logs/mark-file.ts';
import { openLogStore } from './logs/open-log-store.ts';
import { openEngine } from './open-engine.ts';
import { type Environment, readSettings, type Settings } from './settings.ts';
import { createMetrics, type ServerMetrics } from './web/metrics.ts';
import { createRequestListener } from './web/request-listener.ts';
import { createRunLinks } from './web/run-links.ts';
import { createRunPages } from './web/run-pages.ts';
import type { FindRun } from './web/run-view.ts';
import { startWebServer } from './web/web-server.ts';

export interface Server {
  /** Where it takes requests. */
  readonly url: string;
  /** Takes no more requests, ends what runs, and resolves when all is written. */
  close(): Promise<void>;
}

export interface ServerParts {
  /** What executes steps; absent: as the settings say. */
  readonly runtime?: Runtime;
}

/** Joins all parts and starts them. Throws a `UserError` that lists every bad setting. */
export async function startServer(env: Environment, parts: ServerParts = {}): Promise<Server> {
  const settings = readSettings(env);
  const secrets = createSecretRegister(clock);
  const log = await createLog({ level: settings.logLevel, format: settings.logFormat, secrets });
  const web = await openWeb(settings);
  const { generation, expire } = settings.operator.links;
  const links = createRunLinks({ baseUrl: web.url, secret: settings.webhookSecret, generation });
  const metrics = createMetrics();
  const github = connectGitHub(settings, metrics, log);
  const { logStore, storedBytes } = await openLogs(settings, log);
  const opened = await openEngine(settings, { log, runtime: parts.runtime });
  const runner = { engine: opened.engine, logStore, secrets };
  const settled = { settings: settings.operator, random: Math.random };
  const ports = { ...github, ...runner, ...settled, metrics, links, clock, log };
  const follower = createFollower(ports);
  const supervisor = createSupervisor(follower, ports, superviseOptions(settings, opened.slots));
  const handle = createEventHandler({ ...ports, ...supervisor, runs: follower.runs });
  const findRun = createFindRun(follower, logStore);
  const pages = createRunPages({ ...ports, findRun });
  web.serve(
    createRequestListener({
      ...ports,
      ...pages,
      ...(expire !== undefined && { linksExpire: expire }),
      webhook: { path: settings.webhookPath, handler: await createWebhook(settings, ports, handle) },
      ready: { engine: () => follower.ready() },
    }),
  );
  metrics.read({
    runs: () => countRuns(follower.runs),
    storedBytes,
    leads: follower.reports,
  });
  const stopped = new AbortController();
  const { leadership } = opened;
  const work = { ...ports, follower, supervisor, handle, leadership };
  const working = startWork(settings, work, stopped.signal);
  log.info({ url: web.url, github: settings.githubApi, data: settings.data }, 'tekton-ci started');
  return {
    url: web.url,
    async close() {
      log.info({}, 'stopping');
      pages.events.close();
      await web.close();
      await opened.close();
      stopped.abort(new Error('the server stops'));
      await working;
      await logStore.close();
      log.info({}, 'stopped');
    },
  };
}

async function createWebhook(
  { webhookSecret: secret }: Settings,
  { clients, metrics, log }: { clients: GitHubClients; metrics: ServerMetrics; log: Logger },
  handle: (event: GitHubEvent) => Promise<void>,
) {
  const { probot, receive } = await createProbotApp({ clients, secret, log });
  await probot.load(createApp({ appId: clients.appId, handle }));
  return createWebhookHandler({ secret, receive, log, onAnswer: metrics.delivery });
}

/** The operator's limits, and the engine's own. */
function superviseOptions({ operator }: Settings, slots: number): SuperviseOptions {
  return {
    keep: operator.keep,
    limits: {
      total: Math.min(operator.limits.total, slots),
      perRepository: ({ owner, name }) => settingsFor(operator, `${owner}/${name}`).limits.perRepository,
    },
  };
}

interface WorkPorts
  extends Omit<SweepPorts, 'mark'>,
    Omit<HeadSweepPorts, 'mark' | 'isKnown' | 'metrics' | 'handle'> {
  readonly follower: Follower;
  readonly supervisor: Supervisor;
  readonly leadership: Leadership;
  readonly handle: (event: GitHubEvent) => Promise<void>;
}

/** Starts everything that is done without being asked; resolves when all of it has ended by the signal. */
async function startWork(settings: Settings, ports: WorkPorts, signal: AbortSignal): Promise<void> {
  const { supervisor, leadership, log } = ports;
  await together(log, signal, {
    'the engine cannot be watched': supervisor.follow(signal),
    'nothing can be decided': leadership.lead(signal, (leading) => lead(settings, ports, leading)),
  });
}

/** What only one of several servers does. */
async function lead(settings: Settings, ports: WorkPorts, signal: AbortSignal): Promise<void> {
  const { follower, supervisor, log } = ports;
  const { data: directory, sweepIntervalMs: intervalMs } = settings;
  const mark = (name: string) => createMarkFile({ directory, name });
  const heads = { ...ports, isKnown: follower.isKnown, mark: mark('heads') };
  const hourly = { intervalMs: 60 * intervalMs, delayMs: 2 * intervalMs };
  const deliveries = { ...ports, mark: mark('deliveries') };
  await together(log, signal, {
    'runs cannot be supervised': supervisor.lead(signal),
    'deliveries cannot be swept': sweepDeliveries(deliveries, { intervalMs, events: EVENTS }, signal),
    'heads cannot be swept': sweepHeads(heads, hourly, signal),
  });
}

/** What fails of them is told, and does not end the others. */
async function together(
  log: Log,
  signal: AbortSignal,
  works: Readonly<Record<string, Promise<void>>>,
): Promise<void> {
  await Promise.all(
    Object.entries(works).map(([message, work]) =>
      work.catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, message);
      }),
    ),
  );
}

/** Listens at once, since a free port is only known then, and answers 503 until it is told what to serve. */
async function openWeb({ host, port, url }: Settings) {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const web = await startWebServer({
    host,
    port,
    listener: (request, response) => listener(request, response),
  });
  return {
    url: url ?? `http://localhost:${web.port}`,
    serve(served: RequestListener) {
      listener = served;
    },
    close: () => web.close(),
  };
}

function openLogs({ data: directory, logStore }: Settings, log: Log) {
  const place = logStore.kind === 's3' ? logStore : null;
  return openLogStore(place, { directory, clock, log });
}

/** A run, the gate of several, or the stored report of a check that has no run. */
function createFindRun(follower: Follower, logStore: LogStore): FindRun {
  return async (name) => {
    const run = follower.runs.get(name);
    if (run !== undefined) return describeRun(run, follower.runs);
    const report = follower.gate(name) ?? (await logStore.report(name));
    return report === null ? null : { report };
  };
}

function connectGitHub(settings: Settings, metrics: ServerMetrics, log: Log) {
  const { appId, privateKey, githubApi } = settings;
  const onRequest = metrics.githubRequest;
  const read = { configFile: CONFIG_FILE, toolchainFiles: TOOLCHAIN_FILES };
  const clients = createGitHubClients({ appId, privateKey, baseUrl: githubApi, clock, log, onRequest });
  return {
    clients,
    deliveries: createHookDeliveries(clients),
    heads: createHeads(clients, { configFile: CONFIG_FILE }),
    checks: createChecks(clients),
    pullRequests: createPullRequests(clients, read),
    repositories: createRepositories(clients, read),
  };
}

function countRuns(runs: RunIndex): { live: number; queued: number } {
  const all = [...runs.live()];
  const queued = all.filter(({ status }) => status.phase === 'pending').length;
  return { live: all.length - queued, queued };
}
