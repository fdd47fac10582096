import { completed, startWorld, type World } from '../test/e2e/world.ts';
import { quantile, type Row } from './table.ts';

/** Each is three writes, of which our own limit lets 150 through in a minute. */
const PUSHES = 40;

const FILES = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: exit 0\n' };

/** Signed pushes to the real server, one after the other: how long until the run is made, and what it asks of GitHub. */
export async function benchPushes(): Promise<Row[]> {
  const world = await startWorld();
  try {
    const repository = await world.repository('bench', FILES);
    const first = await push(world, repository, 0);
    world.github.resetRequests();
    const pushes = [];
    for (let number = 1; number <= PUSHES; number += 1) pushes.push(await push(world, repository, number));
    const answers = pushes.map(({ answered }) => answered);
    return [
      {
        name: 'push → run made, first',
        value: first.answered,
        unit: 'ms',
        note: 'cold caches: mints two tokens',
      },
      {
        name: 'push → run made, p50',
        value: quantile(answers, 0.5),
        unit: 'ms',
        note: `of ${PUSHES}, warm, signed, over HTTP`,
      },
      { name: 'push → run made, p99', value: quantile(answers, 0.99), unit: 'ms' },
      {
        name: 'push → verdict, p50',
        value: quantile(
          pushes.map(({ ended }) => ended),
          0.5,
        ),
        unit: 'ms',
        note: 'clone and test of `exit 0`',
      },
      {
        name: 'requests to GitHub for a push',
        value: world.github.countRequests({ excludeTokens: true }) / PUSHES,
        unit: 'requests',
        note: 'counted by the stand-in; one project, warm',
      },
    ];
  } finally {
    await world.close();
  }
}

async function push(world: World, repository: Parameters<World['until']>[0], number: number) {
  const start = performance.now();
  const { sha, delivery } = await world.github.pushFiles(repository, {
    files: { 'number.txt': String(number) },
  });
  const answered = (await delivery)?.durationMs ?? Number.NaN;
  const [check] = await world.until(repository, sha, completed);
  if (check?.conclusion !== 'success')
    throw new Error(`the check ended as ${check?.conclusion}: ${check?.title}`);
  return { answered, ended: performance.now() - start };
}
