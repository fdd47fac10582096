import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeChecks, startUnsteadyWorld, type UnsteadyWorld } from './unsteady-world.ts';
import { endlessOnce, shellProject } from './world.ts';

const SETTINGS = `
namespace: everybody
limits: { perRepository: 1, total: 20 }
keep: { perProject: 2, for: 30d }
repositories:
  acme/own:
    namespace: own
    serviceAccount: builder
`;

let world: UnsteadyWorld;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-settings-'));
  const file = join(directory, 'settings.yml');
  await writeFile(file, SETTINGS);
  world = await startUnsteadyWorld({ TEKTON_CI_SETTINGS: file, TEKTON_CI_SWEEP_INTERVAL: '3600' });
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
  await rm(directory, { recursive: true });
});

test("a repository's limit holds back its own runs, in their order, before and after a restart", async () => {
  const { github } = world;
  const [busy, other] = [await world.repository('busy'), await world.repository('other')];
  const base = await github.commit(busy, { files: { 'README.md': '' } });
  const shas: string[] = [];
  for (const branch of ['one', 'two', 'three']) {
    const test = branch === 'one' ? endlessOnce(join(directory, 'one')) : 'exit 0';
    const files = { ...shellProject(test), 'branch.txt': branch };
    const sha = await github.commit(busy, { files, parents: [base] });
    await (await github.push(busy, { branch, sha })).delivery;
    shas.push(sha);
  }
  const titles = () => shas.map((sha) => github.checks(busy, sha)[0]?.title ?? '');
  const until = (...wanted: RegExp[]) =>
    world.until(
      () => titles().every((title, index) => wanted[index]?.test(title)),
      () => describeChecks(github.checks(busy)),
    );

  await until(/^(Starting|Running)/, /^Queued$/, /^Queued, 1 ahead$/);
  const { sha } = await github.pushFiles(other, { files: shellProject('exit 0') });
  await world.until(
    () => github.checks(other, sha)[0]?.conclusion === 'success',
    () => describeChecks(github.checks(other)),
  );
  await world.kill();
  await world.start();
  await until(/^Succeeded/, /^Succeeded/, /^Succeeded/);

  const [first, second, third] = shas.map((one) => github.checks(busy, one)[0]);
  expect(Date.parse(first?.completedAt ?? '')).toBeLessThanOrEqual(Date.parse(second?.startedAt ?? ''));
  expect(Date.parse(second?.completedAt ?? '')).toBeLessThanOrEqual(Date.parse(third?.startedAt ?? ''));
});

test('what is rendered follows the settings, of a repository first', async () => {
  const own = await runOf('own');
  const shared = await runOf('shared');

  expect(own).toContain('"namespace": "own"');
  expect(own).toContain('"serviceAccountName": "builder"');
  expect(shared).toContain('"namespace": "everybody"');
  expect(shared).not.toContain('builder');
});

test('old runs go beyond the number that is kept, with their logs', async () => {
  for (const text of ['a', 'b']) await runOf('kept', { 'a.txt': text });
  const oldest = await runsOf('kept');
  await runOf('kept', { 'a.txt': 'c' });
  await world.kill();
  for (const name of await runsOf('kept')) await makeOld(name, oldest.indexOf(name));
  await world.start();

  await world.until(
    () => world.server().log().includes('"run removed"'),
    () => 'nothing is removed',
  );

  expect(await runsOf('kept')).toHaveLength(2);
  expect(await runsOf('kept')).not.toContain(oldest[0]);
  expect(await runsOf('kept', 'logs')).toHaveLength(2);
});

/** Runs a push of these files to its end; resolves with its newest PipelineRun as text. */
async function runOf(name: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const { github } = world;
  const known = new Set(await runsOf(name));
  const repository = repositories.get(name) ?? (await world.repository(name));
  repositories.set(name, repository);
  const { sha } = await github.pushFiles(repository, { files: { ...shellProject('exit 0'), ...files } });
  await world.until(
    () => github.checks(repository, sha)[0]?.conclusion === 'success',
    () => describeChecks(github.checks(repository)),
  );
  const [made] = (await runsOf(name)).filter((run) => !known.has(run));
  return readFile(join(world.data, 'runs', made ?? '', 'pipeline-run.json'), 'utf8');
}

const repositories = new Map<string, Awaited<ReturnType<UnsteadyWorld['repository']>>>();

async function runsOf(repository: string, folder = 'runs'): Promise<string[]> {
  const names = await readdir(join(world.data, folder)).catch(() => []);
  return names.filter((name) => name.startsWith(`${repository}-`)).sort();
}

/** As if it had ended eight days ago, or a few hours more. */
async function makeOld(name: string, rank: number): Promise<void> {
  const file = join(world.data, 'runs', name, 'state.json');
  const state = JSON.parse(await readFile(file, 'utf8'));
  const hours = 8 * 24 + (rank === -1 ? 0 : 2 - rank);
  state.status.finishedAt = new Date(Date.now() - hours * 3_600_000).toISOString();
  await writeFile(file, JSON.stringify(state));
}
