import type { RequestListener } from 'node:http';
import { availableParallelism } from 'node:os';
import { describeRun } from './app/describe-run.ts';
import { createFollower, type Follower } from './app/follow-runs.ts';
import { createEventHandler } from './app/handle-event.ts';
import type { Log, LogStore } from './app/ports.ts';
import { createSecretRegister } from './app/secret-register.ts';
import { CONFIG_FILE, TOOLCHAIN_FILES } from './core/config/toolchain-files.ts';
import { DEFAULT_RENDER_SETTINGS } from './core/pipeline/render-settings.ts';
import { createChecks } from './github/checks.ts';
import { createGitHubClients } from './github/clients.ts';
import { createProbotApp } from './github/probot-app.ts';
import { createRepositories } from './github/repositories.ts';
import { createWebhookHandler } from './github/webhook-handler.ts';
import { createApp } from './index.ts';
import { createHostRuntime } from './local/host-runtime.ts';
import { createLocalEngine } from './local/local-engine.ts';
import { systemClock as clock } from './local/system-clock.ts';
import { createLog } from './log.ts';
import { createDiskLogStore } from './logs/disk-log-store.ts';
import { type Environment, readSettings, type Settings } from './settings.ts';
import { createRequestListener } from './web/request-listener.ts';
import { createRunLinks } from './web/run-links.ts';
import type { FindRun } from './web/run-view.ts';
import { startWebServer } from './web/web-server.ts';

export interface Server {
  /** Where it takes requests. */
  readonly url: string;
  /** Takes no more requests, ends what runs, and resolves when all is written. */
  close(): Promise<void>;
}

/** Joins all parts and starts them. Throws a `UserError` that lists every bad setting. */
export async function startServer(env: Environment): Promise<Server> {
  const settings = readSettings(env);
  const log = await createLog({ level: settings.logLevel, format: settings.logFormat });
  const web = await openWeb(settings);
  const links = createRunLinks({ baseUrl: web.url, secret: settings.webhookSecret });
  const github = connectGitHub(settings, log);
  const runner = await openRunner(settings, log);
  const ports = { ...github, ...runner, links, clock, log };
  const follower = createFollower(ports);
  const { probot, receive } = await createProbotApp({ ...github, secret: settings.webhookSecret, log });
  await probot.load(createApp(createEventHandler({ ...ports, settings: DEFAULT_RENDER_SETTINGS })));
  const handler = createWebhookHandler({ secret: settings.webhookSecret, receive, log });
  web.serve(
    createRequestListener({
      webhook: { path: settings.webhookPath, handler },
      ready: { engine: () => follower.ready() },
      findRun: createFindRun(follower, runner.logStore),
      clock,
      links,
      logStore: runner.logStore,
      log,
    }),
  );
  const stopped = new AbortController();
  const following = follow(follower, stopped.signal, log);
  log.info({ url: web.url, github: settings.githubApi, data: settings.data }, 'tekton-ci started');
  return {
    url: web.url,
    async close() {
      log.info({}, 'stopping');
      await web.close();
      await runner.engine.close();
      stopped.abort(new Error('the server stops'));
      await following;
      await runner.logStore.close();
      log.info({}, 'stopped');
    },
  };
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

async function openRunner(settings: Settings, log: Log) {
  const engine = createLocalEngine({
    directory: settings.data,
    concurrency: Math.max(2, availableParallelism()),
    runtime: createHostRuntime({ path: settings.path }),
    clock,
    log,
  });
  await engine.ready();
  const logStore = createDiskLogStore({ directory: settings.data });
  return { engine, logStore, secrets: createSecretRegister(clock) };
}

/** A run, the gate of several, or the stored report of a check that has no run. */
function createFindRun(follower: Follower, logStore: LogStore): FindRun {
  return async (name) => {
    const run = follower.runs.get(name);
    if (run !== undefined) return describeRun(run);
    const report = follower.gate(name) ?? (await logStore.report(name));
    return report === null ? null : { report };
  };
}

function connectGitHub(settings: Settings, log: Log) {
  const { appId, privateKey, githubApi } = settings;
  const clients = createGitHubClients({ appId, privateKey, baseUrl: githubApi, clock, log });
  return {
    clients,
    checks: createChecks(clients),
    repositories: createRepositories(clients, { configFile: CONFIG_FILE, toolchainFiles: TOOLCHAIN_FILES }),
  };
}

async function follow(follower: Follower, signal: AbortSignal, log: Log): Promise<void> {
  try {
    await follower.follow(signal);
  } catch (error) {
    if (!signal.aborted) log.error({ err: error }, 'the engine cannot be watched');
  }
}
