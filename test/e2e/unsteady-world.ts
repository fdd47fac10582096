import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckState } from '../github/check-store.ts';
import { type GitHub, startGitHub } from '../github/github.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { type RunningApp, startApp } from '../server/start-app.ts';
import { SECRET } from './world.ts';

/** A GitHub of ours and a server that is killed and started again, at the same address and with the same data. */
export interface UnsteadyWorld {
  readonly github: GitHub;
  readonly data: string;
  server(): RunningApp;
  /** An empty one: the server has not asked for a token of its installation yet. */
  repository(name: string): Promise<CreatedRepository>;
  /** Ends the server as a power cut does, or in order; resolves when that and GitHub's deliveries are over. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  /** Starts another server beside it, with a folder of its own: webhooks come to that one from now on. */
  join(): Promise<RunningApp>;
  /** Resolves when the condition holds; it is looked at whenever a check changes, and ten times a second. */
  until(condition: () => boolean, what: () => string, seconds?: number): Promise<void>;
  close(): Promise<void>;
}

export async function startUnsteadyWorld(
  env: Readonly<Record<string, string>> = {},
  program?: readonly string[],
): Promise<UnsteadyWorld> {
  const data = await mkdtemp(join(tmpdir(), 'tekton-ci-unsteady-'));
  const github = await startGitHub();
  const app = await github.createApp({ webhookSecret: SECRET });
  const port = await freePort();
  const start = () =>
    startApp({ github, app, data, env: { PORT: String(port), ...env }, ...(program && { program }) });
  let server = await start();
  const others: { readonly server: RunningApp; readonly data: string }[] = [];
  return {
    github,
    data,
    server: () => server,
    repository: (name) => github.createRepository({ owner: 'acme', name, private: true }),
    async kill(signal = 'SIGKILL') {
      await server.stop(signal);
      await github.waitForDeliveries();
    },
    async start() {
      server = await start();
    },
    async join() {
      const folder = await mkdtemp(join(tmpdir(), 'tekton-ci-other-'));
      const other = await startApp({ github, app, data: folder, env, ...(program && { program }) });
      others.push({ server: other, data: folder });
      return other;
    },
    async until(condition, what, seconds = 30) {
      const deadline = Date.now() + seconds * 1000;
      while (!condition()) {
        if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what()}\n${server.log()}`);
        await changeOrTick(github);
      }
    },
    async close() {
      await Promise.all([server, ...others.map((other) => other.server)].map((each) => each.stop()));
      await github.close();
      for (const folder of [data, ...others.map((other) => other.data)]) {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A few words about each check, for a failure's message. */
export function describeChecks(checks: readonly CheckState[]): string {
  return JSON.stringify(
    checks.map(({ name, status, conclusion, title }) => ({ name, status, conclusion, title })),
  );
}

async function changeOrTick(github: GitHub): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(tick);
      stop();
      resolve();
    };
    const tick = setTimeout(finish, 100);
    const stop = github.onCheck(finish);
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
