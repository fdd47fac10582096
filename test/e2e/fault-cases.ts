import { expect } from '@jest/globals';
import { type Fault, primaryRateLimit, secondaryRateLimit } from '../github/github.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { MINT, type RequestRecord } from '../github/requests.ts';
import { describeChecks, type UnsteadyWorld } from './unsteady-world.ts';
import { completed, shellProject } from './world.ts';

/** What goes wrong. */
export const FAULTS = {
  'an error 500': () => ({ status: 500 }),
  'an error 502 of something in between': () => ({ status: 502, body: '<html>Bad Gateway</html>' }),
  'a limit (429) that names a time': () => secondaryRateLimit(1, 429),
  'a limit (429) that names none': () => secondaryRateLimit(undefined, 429),
  'a limit (403) that names a time': () => secondaryRateLimit(1),
  'a limit (403) that names none': () => secondaryRateLimit(),
  'an hour used up': () => primaryRateLimit(new Date(Date.now() + 2000)),
  'a cut connection': () => ({ dropConnection: true }),
  'a lost answer': () => ({ dropConnection: true, afterEffect: true }),
  silence: () => ({ hang: true }),
} as const satisfies Readonly<Record<string, () => Omit<Fault, 'match'>>>;

export type FaultName = keyof typeof FAULTS;

/** The requests of a push, by what people call them. */
export const REQUESTS = {
  "the mint of the clone's token": MINT,
  'the read of the commit': 'graphql',
  "the check's creation": 'checks/create',
  "the check's update": 'checks/update',
} as const;

/** Those that only a push to the default branch of several projects makes. */
export const REQUESTS_OF_PROJECTS = {
  'the comparison with the commit before': 'repos/compare-commits-with-basehead',
  'the list of earlier checks': 'checks/list-for-ref',
} as const;

export type RequestName = keyof typeof REQUESTS | keyof typeof REQUESTS_OF_PROJECTS;

export interface Outage {
  readonly asked: RequestName;
  readonly what: FaultName;
  /** So many requests fail, or all for so long. */
  readonly lasts: { readonly times: number } | { readonly seconds: number };
}

const PROJECTS = {
  '.tekton-ci.yml':
    'use: alpine:3.22\nprojects:\n  api: { path: ., test: exit 0 }\n  web: { test: exit 0 }\n',
  'web/a.txt': '',
};

/** A push whose requests fail for a while: its checks must end all the same, once, and GitHub must not be hammered. */
export async function tryOutage(world: UnsteadyWorld, { asked, what, lasts }: Outage): Promise<void> {
  const { github } = world;
  const repository = await world.repository(`${asked}-${what}`.replace(/\W+/g, '-'));
  const ofProjects = asked in REQUESTS_OF_PROJECTS;
  if (ofProjects) await pushAndSucceed(world, repository, PROJECTS);
  const operation: string = { ...REQUESTS, ...REQUESTS_OF_PROJECTS }[asked];
  const isOurs = (request: RequestRecord) => request.operation === operation && isAbout(request, repository);
  const before = github.requests.filter(isOurs).length;
  const times = 'times' in lasts ? lasts.times : Number.MAX_SAFE_INTEGER;
  const fault = github.fail({ ...FAULTS[what](), times, match: isOurs });
  const timer = 'seconds' in lasts ? setTimeout(fault.stop, lasts.seconds * 1000) : undefined;

  try {
    await pushAndSucceed(world, repository, ofProjects ? { 'web/a.txt': 'a' } : shellProject('exit 0'));
  } finally {
    clearTimeout(timer);
    fault.stop();
  }

  const made = github.requests.filter(isOurs).length - before;
  expect([asked, what, made <= ('times' in lasts ? lasts.times + 3 : MOST_IN_MINUTES)]).toEqual([
    asked,
    what,
    true,
  ]);
}

/** Doubled from a second on; a little more for what the sweep begins meanwhile. */
const MOST_IN_MINUTES = 12;

/** The mint of the installation's token, which a server that was just started has to make, fails once. */
export async function tryMintFault(world: UnsteadyWorld, what: FaultName): Promise<void> {
  const { github } = world;
  await world.kill();
  await world.start();
  const repository = await world.repository(`mint-${what}`.replace(/\W+/g, '-'));
  const countMints = () => github.requests.filter(({ operation }) => operation === MINT).length;
  const before = countMints();
  github.fail({ ...FAULTS[what](), match: MINT, times: 1 });

  await pushAndSucceed(world, repository, shellProject('exit 0'));

  expect(countMints() - before).toBeLessThanOrEqual(4);
}

async function pushAndSucceed(
  world: UnsteadyWorld,
  repository: CreatedRepository,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { github } = world;
  const { sha } = await github.pushFiles(repository, { files });
  const checks = () => github.checks(repository, sha);
  await world.until(
    () => completed(checks()),
    () => `${repository.name}: ${describeChecks(checks())}`,
    250,
  );
  const names = checks().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(checks().map(({ conclusion }) => conclusion))).toEqual(new Set(['success']));
}

function isAbout({ path, body }: RequestRecord, { id, name }: CreatedRepository): boolean {
  const [, inPath] = /^\/api\/v3\/repos\/[^/]+\/([^/]+)/.exec(path) ?? [];
  // What is matched is sent by our own client.
  const sent = body as { variables?: { name?: string }; repository_ids?: number[] } | null;
  return (inPath ?? sent?.variables?.name) === name || (sent?.repository_ids?.includes(id) ?? false);
}
