import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CheckState } from '../github/check-store.ts';
import { type CreatedApp, type GitHub, startGitHub } from '../github/github.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { type RunningApp, startApp } from '../server/start-app.ts';

/** A GitHub of ours and the real server beside it. */
export interface World {
  readonly github: GitHub;
  readonly app: CreatedApp;
  readonly server: RunningApp;
  readonly data: string;
  /** A private repository with `main` at a first commit that the app was not told of. */
  repository(name: string, files?: Readonly<Record<string, string>>): Promise<CreatedRepository>;
  /** Waits until the commit's checks satisfy the condition, at most so many seconds. */
  until(
    repository: CreatedRepository,
    sha: string,
    condition: Condition,
    seconds?: number,
  ): Promise<CheckState[]>;
  close(): Promise<void>;
}

export type Condition = (checks: readonly CheckState[]) => boolean;

export const SECRET = 'a webhook secret of the tests';

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const data = await mkdtemp(join(tmpdir(), 'tekton-ci-e2e-'));
  const github = await startGitHub();
  const app = await github.createApp({ webhookSecret: SECRET });
  // Requests are counted: nothing that the clock begins may be among them.
  const env = { TEKTON_CI_SWEEP_INTERVAL: '3600', ...options.env };
  const server = await startApp({ github, app, data, env });
  return {
    github,
    app,
    server,
    data,
    async repository(name, files = { 'README.md': `# ${name}\n` }) {
      const repository = await github.createRepository({ owner: 'acme', name, private: true });
      const sha = await github.commit(repository, { files, message: 'Begin' });
      const { delivery } = await github.push(repository, { branch: 'main', sha });
      await delivery;
      return repository;
    },
    until: (repository, sha, condition, seconds = 30) =>
      untilChecks(github, () => github.checks(repository, sha), { condition, seconds, server }),
    async close() {
      await server.stop();
      await github.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

interface Waiting {
  readonly condition: Condition;
  readonly seconds: number;
  readonly server: RunningApp;
}

async function untilChecks(
  github: GitHub,
  read: () => CheckState[],
  { condition, seconds, server }: Waiting,
): Promise<CheckState[]> {
  if (condition(read())) return read();
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(deadline);
      stop();
    };
    const deadline = globalThis.setTimeout(() => {
      finish();
      const states = read().map(({ name, status, conclusion, title }) => ({
        name,
        status,
        conclusion,
        title,
      }));
      reject(new Error(`not within ${seconds} s; checks: ${JSON.stringify(states)}\n${server.log()}`));
    }, seconds * 1000);
    const stop = github.onCheck(() => {
      if (!condition(read())) return;
      finish();
      resolve(read());
    });
  });
}

/** True once the check named `tekton-ci` exists and all checks are completed. */
export const completed: Condition = (checks) =>
  checks.some(({ name }) => name === 'tekton-ci') && checks.every(({ status }) => status === 'completed');

/** A Node project whose test is this program. */
export function nodeProject(test: string, config = ''): Record<string, string> {
  return {
    '.tekton-ci.yml': config,
    'package.json': JSON.stringify({ name: 'project', private: true, scripts: { test: 'node test.cjs' } }),
    'test.cjs': test,
  };
}

/** Of the newest check of each name. */
export function conclusionsOf(checks: readonly CheckState[]): Record<string, string | null> {
  return Object.fromEntries(checks.map(({ name, conclusion }) => [name, conclusion]));
}

/** What the test of a check's run has printed. */
export function testLog({ data }: World, check: CheckState | undefined): Promise<string> {
  return readFile(join(data, 'logs', check?.externalId ?? '', 'test.log'), 'utf8');
}

/** A project whose test is these commands; nothing is installed for it. */
export function shellProject(test: string | readonly string[], config = ''): Record<string, string> {
  return { '.tekton-ci.yml': `use: alpine:3.22\ntest: ${JSON.stringify(test)}\n${config}` };
}

/** A command that goes on until its run is cancelled, or its checkout is gone: no server may be left to end it. */
export const ENDLESS = 'while [ -e .tekton-ci.yml ]; do sleep 0.1; done';

/** A command that a test holds until it lets it go. */
export interface HeldCommand {
  readonly command: string;
  /** Resolves once the command runs. */
  begun(): Promise<void>;
  letGo(): Promise<void>;
}

/** @param file of which one is made when the command begins, and another one ends it. */
export function holdCommand(file: string): HeldCommand {
  return {
    command: `touch ${file}.begun; while [ ! -e ${file}.go ]; do sleep 0.05; done`,
    async begun() {
      const deadline = Date.now() + 20_000;
      while (!existsSync(`${file}.begun`)) {
        if (Date.now() > deadline) throw new Error(`${file} was not begun`);
        await setTimeout(20);
      }
    },
    letGo: () => writeFile(`${file}.go`, ''),
  };
}

/** A command that does not end the first time, when it does `begun` first, and passes when it is run again; `marker` is a file that tells. */
export function endlessOnce(marker: string, begun = ':'): string {
  return `if [ ! -e ${marker} ]; then touch ${marker}; ${begun}; ${ENDLESS}; fi`;
}
