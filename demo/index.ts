import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoOptions } from '../src/cli/ports.ts';
import { type GitHub, startGitHub } from '../test/github/github.ts';
import { type RunningApp, startApp } from '../test/server/start-app.ts';
import { createNarrator } from './narrator.ts';
import { type DemoRepository, pushExample, pushHead } from './push.ts';

/**
 * Shows the whole job on this machine: a GitHub on loopback, the real server with its embedded engine, a push with a
 * signed webhook, and the check from queued to its verdict. Returns the exit code: 0 when the check succeeded.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const data = await mkdtemp(join(tmpdir(), 'tekton-ci-demo-'));
  const github = await startGitHub();
  let server: RunningApp | undefined;
  try {
    const app = await github.createApp({ webhookSecret: 'demo-webhook-secret' });
    options.write(`GitHub (a stand-in)   ${github.url}`);
    server = await startApp({ github, app, data });
    options.write(`tekton-ci             ${server.url}`);
    const narrator = createNarrator(options.write);
    github.onCheck(narrator.tell);
    const repository: DemoRepository = { github, options };
    await (options.path === undefined ? pushExample(repository) : pushHead(repository, options.path));
    await taken(github);
    const verdict = await ended([narrator.verdict, died(server)], options.signal);
    if (options.stay) await stay(options);
    options.write(`${verdict.name}: ${verdict.conclusion}`);
    return verdict.conclusion === 'success' ? 0 : 1;
  } finally {
    await server?.stop();
    await github.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** GitHub does not repeat a delivery by itself: one that was refused would be waited for without end. */
async function taken(github: GitHub): Promise<void> {
  await github.waitForDeliveries();
  const refused = github.deliveries.find(({ event, statusCode }) => event === 'push' && statusCode !== 200);
  if (refused !== undefined) throw new Error(`the push was answered ${refused.statusCode}`);
}

async function died(server: RunningApp): Promise<never> {
  const code = await server.exited;
  throw new Error(`the server ended with code ${code}:\n${server.log()}`);
}

async function ended<Result>(ends: readonly Promise<Result>[], signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([...ends, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function stay({ write, signal }: DemoOptions): Promise<void> {
  write('The page stays open; Ctrl-C ends.');
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
