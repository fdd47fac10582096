import { watch } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { StoredRun } from '../../src/local/stored-run.ts';
import type { RequestRecord } from '../github/requests.ts';
import { storedRuns } from './stored-runs.ts';
import { describeChecks, type UnsteadyWorld } from './unsteady-world.ts';
import { completed, shellProject } from './world.ts';

type Repository = Awaited<ReturnType<UnsteadyWorld['repository']>>;

/** A push while the server is down: its next start asks for the delivery again and does all that there is to do. */
export interface Scenario {
  readonly files: Readonly<Record<string, string>>;
  /** What was pushed, and done with, before. */
  readonly before?: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly checks: number;
  readonly conclusion: 'success' | 'failure';
}

const PROJECTS = {
  '.tekton-ci.yml': 'use: alpine:3.22\nprojects:\n  api: { test: exit 0 }\n  web: { test: exit 0 }\n',
};

export const SCENARIOS = {
  'one project': { files: shellProject('exit 0'), runs: 1, checks: 1, conclusion: 'success' },
  'several projects': {
    before: { ...PROJECTS, 'web/a': '' },
    files: { 'api/a': 'a', 'web/a': 'a' },
    runs: 2,
    checks: 3,
    conclusion: 'success',
  },
  'an invalid config': { files: { '.tekton-ci.yml': 'tset: 1' }, runs: 0, checks: 1, conclusion: 'failure' },
} as const satisfies Readonly<Record<string, Scenario>>;

/** When and how a server is ended. */
export interface Crash {
  readonly signal: 'SIGKILL' | 'SIGTERM';
  readonly at: Moment;
}

/** Counted from the server's start: at a request to GitHub, or right after the state of a run on disk has changed. */
export type Moment =
  | { readonly request: number /** GitHub has done what was asked. */; readonly answered: boolean }
  | { readonly change: number };

let repositories = 0;

/** Without a crash; what there is to interrupt. */
export async function rehearse(
  world: UnsteadyWorld,
  scenario: Scenario,
): Promise<{ requests: RequestRecord[]; changes: number }> {
  let changes = 0;
  const { github } = world;
  const { repository, sha } = await pushWhileDown(world, scenario);
  const watched = watchStates(world.data, repository.name, () => {
    changes += 1;
  });
  const from = github.requests.length;
  await world.start();
  await untilDone(world, { repository, sha }, scenario.checks);
  watched.close();
  return { requests: github.requests.slice(from), changes };
}

/** Crashes a server once and starts it again: the runs and checks must be the same as ever, and right. */
export async function tryCrash(world: UnsteadyWorld, scenario: Scenario, crash: Crash): Promise<void> {
  const pushed = await pushWhileDown(world, scenario);
  const { repository, sha } = pushed;
  await startAndCrash(world, { ...pushed, checks: scenario.checks }, crash);

  await world.start();
  await untilDone(world, pushed, scenario.checks);

  const checks = world.github.checks(repository, sha);
  expect(checks).toHaveLength(scenario.checks);
  expect(new Set(checks.map(({ name }) => name)).size).toBe(scenario.checks);
  const gate = checks.find(({ name }) => name === 'tekton-ci');
  expect(gate).toMatchObject({ conclusion: scenario.conclusion });
  expect(runsOf(world, pushed)).toHaveLength(scenario.runs);
}

function runsOf({ data }: UnsteadyWorld, { repository, sha }: PushedWhileDown): StoredRun[] {
  return storedRuns(data, repository.name).filter(({ name }) => name.includes(`-${sha.slice(0, 7)}-`));
}

interface PushedWhileDown {
  readonly repository: Repository;
  readonly sha: string;
}

async function pushWhileDown(world: UnsteadyWorld, { before, files }: Scenario): Promise<PushedWhileDown> {
  const { github } = world;
  repositories += 1;
  const repository = await world.repository(`crash${repositories}`);
  if (before !== undefined) {
    const { sha } = await github.pushFiles(repository, { files: before });
    await untilDone(world, { repository, sha }, 1);
  }
  await world.kill();
  const { sha, delivery } = await github.pushFiles(repository, { files });
  await delivery;
  return { repository, sha };
}

/** Resolves when the server is gone; also, by a crash at its end, when there was no such moment. */
async function startAndCrash(
  world: UnsteadyWorld,
  { checks, ...pushed }: PushedWhileDown & { readonly checks: number },
  { signal, at }: Crash,
): Promise<void> {
  const moment = 'request' in at ? atRequest(world, at) : atChange(world, pushed.repository.name, at, signal);
  await world.start();
  await Promise.race([moment.arrived, untilDone(world, pushed, checks)]);
  const ended = world.kill(signal);
  if (signal === 'SIGTERM') moment.release();
  await ended;
  moment.release();
}

interface Arrival {
  readonly arrived: Promise<unknown>;
  release(): void;
}

function atRequest({ github }: UnsteadyWorld, at: { request: number; answered: boolean }): Arrival {
  const wanted = new Set<RequestRecord>();
  const first = github.requests.length;
  return github.hold(
    (request) => {
      if (github.requests.indexOf(request) === first + at.request) wanted.add(request);
      return wanted.has(request);
    },
    { afterEffect: at.answered },
  );
}

function atChange(
  world: UnsteadyWorld,
  name: string,
  { change }: { change: number },
  signal: NodeJS.Signals,
): Arrival {
  const { promise, resolve } = Promise.withResolvers<void>();
  let changes = 0;
  const watched = watchStates(world.data, name, () => {
    if (changes === change) {
      // At once: what is done next must not be done.
      void world.server().stop(signal);
      resolve();
    }
    changes += 1;
  });
  return { arrived: promise, release: () => watched.close() };
}

/** Calls for every change of the state of a repository's runs. */
function watchStates(data: string, repository: string, onChange: () => void): { close(): void } {
  const runs = join(data, 'runs');
  const closing = new AbortController();
  const { signal } = closing;
  const known = new Set<string>();
  watch(runs, { signal }, (_event, run) => {
    if (run === null || !run.startsWith(`${repository}-`) || known.has(run)) return;
    known.add(run);
    watch(join(runs, run), { signal }, (event, file) => {
      if (event === 'rename' && file === 'state.json') onChange();
    });
  });
  return { close: () => closing.abort() };
}

async function untilDone(
  world: UnsteadyWorld,
  { repository, sha }: PushedWhileDown,
  count: number,
): Promise<void> {
  const { github } = world;
  const checks = () => github.checks(repository, sha);
  const isDelivered = () =>
    github.deliveries.some(
      ({ statusCode, payload, event }) => event === 'push' && payload.after === sha && statusCode === 200,
    );
  await world.until(
    () => checks().length >= count && completed(checks()) && isDelivered(),
    () => `${describeChecks(checks())}, delivered: ${isDelivered()}`,
  );
}
