import type { CheckState, GitHub } from '../test/github/github.ts';
import type { RunningApp } from '../test/server/start-app.ts';
import type { Narrator } from './narrator.ts';

/** Where a story is played: a GitHub, the real server, and somebody who tells what happens. */
export interface Stage {
  readonly github: GitHub;
  readonly narrator: Narrator;
  /** Resolves once all that GitHub has told was taken; rejects when a part of it was refused. */
  taken(): Promise<void>;
  /** Resolves with the verdict of the commit's run; rejects when the demo is interrupted, or the server ends. */
  verdict(commit: Commit): Promise<CheckState>;
}

export interface Commit {
  /** `acme/greeter` */
  readonly repository: string;
  readonly sha: string;
}

/** What a demo shows. */
export interface Story {
  /** Makes the server's own settings in its folder; resolves with their variables of the environment. */
  prepare?(data: string): Promise<Readonly<Record<string, string>>>;
  /** Resolves with the check that everything came to. */
  play(stage: Stage): Promise<CheckState>;
}

export interface StageOptions {
  readonly github: GitHub;
  readonly server: RunningApp;
  readonly narrator: Narrator;
  /** Ends every waiting. */
  readonly signal: AbortSignal;
}

export function createStage({ github, server, narrator, signal }: StageOptions): Stage {
  async function taken(): Promise<void> {
    await github.waitForDeliveries();
    const refused = github.deliveries.find(({ statusCode }) => statusCode !== 200);
    // GitHub does not repeat a delivery by itself: what comes of it would be waited for without end.
    if (refused !== undefined) throw new Error(`the ${refused.event} was answered ${refused.statusCode}`);
  }

  return {
    github,
    narrator,
    taken,
    async verdict({ repository, sha }) {
      await taken();
      signal.throwIfAborted();
      const found = Promise.withResolvers<CheckState>();
      const look = () => {
        const check = github.checks(repository, sha).find(isVerdict);
        if (check !== undefined) found.resolve(check);
      };
      const stop = github.onCheck(look);
      look();
      return firstOf([found.promise, died(server)], signal).finally(stop);
    },
  };
}

/** A check that asks for an approval has no run. */
function isVerdict({ name, status, conclusion }: CheckState): boolean {
  return name === 'tekton-ci' && status === 'completed' && conclusion !== 'action_required';
}

async function died(server: RunningApp): Promise<never> {
  const code = await server.exited;
  throw new Error(`the server ended with code ${code}:\n${server.log()}`);
}

async function firstOf<Result>(ends: readonly Promise<Result>[], signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([...ends, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
