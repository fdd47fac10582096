import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoOptions } from '../src/cli/ports.ts';
import { startGitHub } from '../test/github/github.ts';
import { type RunningApp, startApp } from '../test/server/start-app.ts';
import { forkStory } from './fork.ts';
import { createNarrator } from './narrator.ts';
import { pullRequestStory } from './pull-request.ts';
import { pushStory } from './push.ts';
import { createStage, type Story } from './stage.ts';

/**
 * Shows the whole job on this machine: a GitHub on loopback, the real server with its embedded engine, signed webhooks, and
 * each check from queued to its verdict. Returns the exit code: 0 when the last check succeeded.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { signal } = options;
  const story = storyOf(options);
  const data = await mkdtemp(join(tmpdir(), 'tekton-ci-demo-'));
  const github = await startGitHub();
  let server: RunningApp | undefined;
  try {
    const app = await github.createApp({ webhookSecret: 'demo-webhook-secret' });
    const narrator = createNarrator(options.write);
    narrator.act('GitHub (a stand-in)', github.url);
    const env = await story.prepare?.(data);
    server = await startApp({ github, app, data, ...(env && { env }) });
    narrator.act('tekton-ci', server.url);
    github.onCheck(narrator.tell);
    const { name, conclusion } = await story.play(createStage({ github, server, narrator, signal }));
    if (options.stay) {
      narrator.close('The page stays open; Ctrl-C ends.');
      await interruption(signal);
    }
    narrator.close(`${name}: ${conclusion}`);
    return conclusion === 'success' ? 0 : 1;
  } finally {
    await server?.stop();
    await github.close();
    await rm(data, { recursive: true, force: true });
  }
}

function storyOf({ story, path }: DemoOptions): Story {
  switch (story) {
    case 'push':
      return pushStory(path);
    case 'pull-request':
      return pullRequestStory;
    case 'fork':
      return forkStory;
  }
}

async function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
