import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckState } from '../github/check-store.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { storedRuns } from './stored-runs.ts';
import { describeChecks, startUnsteadyWorld, type UnsteadyWorld } from './unsteady-world.ts';

const PROGRAM = fileURLToPath(new URL('../server/deploying-server.ts', import.meta.url));

let world: UnsteadyWorld;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-turns-'));
  world = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '3600' }, [PROGRAM]);
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
  await rm(directory, { recursive: true });
});

/** A deploy that writes when it begins and ends, and goes on until it is let go. */
function deploying(name: string): Record<string, string> {
  const config = `
use: alpine:3.22
test: echo tested
deploy:
  to: production
  commands:
    - echo "begin $COMMIT" >> ${join(directory, name)}
    - while [ ! -e ${join(directory, name)}.go ]; do sleep 0.05; done
    - echo "end $COMMIT" >> ${join(directory, name)}
`;
  return { '.tekton-ci.yml': config };
}

async function letGo(name: string): Promise<void> {
  await writeFile(join(directory, `${name}.go`), '');
}

/** What deploys have written, with the commits' names for their ids. */
function journal(name: string, commits: Readonly<Record<string, string>>): string[] {
  const file = join(directory, name);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const named = Object.entries(commits).reduce((words, [of, sha]) => words.replaceAll(sha, of), text);
  return named.trim().split('\n');
}

async function until(
  repository: CreatedRepository,
  sha: string,
  condition: (check: CheckState) => boolean,
): Promise<void> {
  const checks = () => world.github.checks(repository, sha);
  await world.until(
    () => checks().some(condition),
    () => describeChecks(checks()),
  );
}

/** Waits until the newest run of a repository has come to its turn. */
async function untilTurn(name: string): Promise<void> {
  const status = () => storedRuns(world.data, name).at(-1)?.status;
  await world.until(
    () => {
      const now = status();
      return now?.phase === 'running' && now.turns.length > 0;
    },
    () => JSON.stringify(status()),
  );
}

async function untilWritten(name: string, line: string): Promise<void> {
  await world.until(
    () => journal(name, {}).includes(line),
    () => journal(name, {}).join('\n'),
  );
}

const isCompleted = ({ status }: CheckState) => status === 'completed';

describe('deploys to one target', () => {
  test('go one after the other, also when a server is killed during one of them', async () => {
    const { github } = world;
    const repository = await world.repository('serial');
    const first = await github.pushFiles(repository, { files: deploying('serial') });
    await untilWritten('serial', `begin ${first.sha}`);
    const second = await github.pushFiles(repository, { files: { 'a.txt': 'a' } });
    const waiting = `Waiting for production: ${first.sha.slice(0, 7)} is being deployed`;
    await until(repository, second.sha, ({ title }) => title === waiting);

    await world.kill();
    await world.start();
    await untilWritten('serial', `begin ${second.sha}`);
    const third = await github.pushFiles(repository, { files: { 'a.txt': 'b' } });
    await untilTurn('serial');
    await letGo('serial');
    for (const { sha } of [first, second, third]) await until(repository, sha, isCompleted);

    expect(journal('serial', { first: first.sha, second: second.sha, third: third.sha })).toEqual([
      'begin first',
      'begin second',
      'end second',
      'begin third',
      'end third',
    ]);
    expect(github.checks(repository).map(({ title }) => title)).toEqual([
      'Infrastructure: EngineRestarted',
      expect.stringMatching(/^Succeeded/),
      expect.stringMatching(/^Succeeded/),
    ]);
  });

  test('never bring an older commit after a newer one, however late it is heard of', async () => {
    const { github } = world;
    const repository = await world.repository('late');
    await letGo('late');
    const { webhookUrl } = world.server();
    github.setWebhook('http://127.0.0.1:1/');
    const older = await github.pushFiles(repository, { files: deploying('late') });
    expect((await older.delivery)?.statusCode).toBe(0);
    github.setWebhook(webhookUrl);
    const newer = await github.pushFiles(repository, { files: { 'a.txt': 'a' } });
    await until(repository, newer.sha, isCompleted);

    // What was lost comes with the first look at deliveries after a start.
    await world.kill();
    await world.start();
    await until(repository, older.sha, isCompleted);

    expect(journal('late', { older: older.sha, newer: newer.sha })).toEqual(['begin newer', 'end newer']);
    expect(github.checks(repository, older.sha)).toMatchObject([
      {
        conclusion: 'success',
        summary: expect.stringContaining(
          `deploy production: no, a newer commit, ${newer.sha.slice(0, 7)}, is planned for production`,
        ),
      },
    ]);
  });
});
