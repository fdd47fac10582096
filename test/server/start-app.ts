import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CreatedApp, GitHub } from '../github/github.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/tekton-ci.js', import.meta.url));

export interface AppOptions {
  readonly github: Pick<GitHub, 'host' | 'setWebhook'>;
  readonly app: CreatedApp;
  /** Folder of logs and runs. */
  readonly data: string;
  /** On top of what the server needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is started, with its arguments; the product's own server without it. */
  readonly program?: readonly string[];
}

/** Its start is read from its log, so `LOG_LEVEL` must not hide lines of level info. */
const START_DEADLINE_MS = 20_000;

/** The real server, as its own process, told to talk to a GitHub of ours. */
export interface RunningApp {
  readonly url: string;
  readonly webhookUrl: string;
  readonly pid: number;
  /** Resolves with the exit code when the process has ended. */
  readonly exited: Promise<number | null>;
  /** All that it has written so far. */
  log(): string;
  /** Sends a signal and resolves with the exit code when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts it on a free port of loopback and points the app's webhook at it; rejects with its log when it does not start. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { github, app, data, program = [PROGRAM, 'server'] } = options;
  const child = spawn(process.execPath, program, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A signal from the keyboard reaches the starter alone, which then stops this process in order.
    detached: true,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      APP_ID: String(app.appId),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: app.webhookSecret,
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      TEKTON_CI_DATA: data,
      TEKTON_CI_ENGINE: 'local',
      TEKTON_CI_LOCAL_RUNTIME: 'host',
      ...coverage(),
      ...options.env,
    },
  });
  const lines: string[] = [];
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const started = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      const url = readStart(line);
      if (url !== null) started.resolve(url);
    });
  }
  void exited.then(() => started.reject(new Error(`the server did not start:\n${lines.join('\n')}`)));
  const deadline = setTimeout(() => {
    started.reject(new Error(`the server did not start in time:\n${lines.join('\n')}`));
    child.kill('SIGKILL');
  }, START_DEADLINE_MS);
  const url = await started.promise.finally(() => clearTimeout(deadline));
  const webhookUrl = `${url}/api/github/webhooks`;
  github.setWebhook(webhookUrl, app.webhookSecret);
  return {
    url,
    webhookUrl,
    pid: child.pid ?? 0,
    exited,
    log: () => lines.join('\n'),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}

function readStart(line: string): string | null {
  if (!line.includes('tekton-ci started')) return null;
  const { url } = JSON.parse(line) as { url: string };
  return url;
}

/** Lets the started process write which of its lines ran; see scripts/test.ts. */
function coverage(): Record<string, string> {
  const folder = process.env.TEKTON_CI_TEST_COVERAGE;
  return folder === undefined ? {} : { NODE_V8_COVERAGE: folder };
}
