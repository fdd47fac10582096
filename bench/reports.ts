import type { StepStatus } from '../src/core/pipeline/run-status.ts';
import { completed, shellProject, startWorld, testLog, type World } from '../test/e2e/world.ts';
import { createEventWorld } from '../test/events/event-world.ts';
import { createPlayer } from '../test/events/play.ts';
import { quantile, type Row } from './table.ts';

const STAGES = ['clone', 'test', 'build', 'image', 'deploy'] as const;
const MINUTES = 10;
const FAILURES = 120;
const RUNS = 30;

/** What a check costs GitHub, and how soon it says what is so. */
export async function benchReports(): Promise<Row[]> {
  const world = await startWorld();
  try {
    return [await longRun(), await manyAnnotations(world), ...(await latencies(world))];
  } finally {
    await world.close();
  }
}

/** By a clock and an engine that are played, all the rest is the app. */
async function longRun(): Promise<Row> {
  const world = await createEventWorld({ config: 'go: 1.25\n' });
  await createPlayer(world)(['push main A']);
  const [run] = [...world.engine.runs.values()];
  if (run === undefined) throw new Error('no run was made');
  for (let at = 0; at < STAGES.length; at += 1) {
    world.engine.set(run.name, { phase: 'running', steps: stepsAt(at), turns: [] });
    for (let minute = 0; minute < MINUTES / STAGES.length; minute += 1) await world.settle();
  }
  const steps = STAGES.map((stage): StepStatus => ({ stage, state: 'succeeded' }));
  const finishedAt = new Date(MINUTES * 60_000);
  world.engine.set(run.name, { phase: 'done', verdict: 'succeeded', steps, results: {}, finishedAt });
  await world.settle();
  await world.stop();
  if (world.shown().some(({ status }) => status !== 'completed')) throw new Error('the check was left open');
  return {
    name: 'requests to GitHub for a long run',
    value: world.requests.filter((request) => !request.startsWith('token')).length,
    unit: 'requests',
    note: `from push to verdict, ${STAGES.length} stages in ${MINUTES} minutes`,
  };
}

/** Of Go tests that fail in one file, over HTTP. */
async function manyAnnotations(world: World): Promise<Row> {
  const repository = await world.repository('annotations');
  const tests = Array.from(
    { length: FAILURES },
    (_, index) => `--- FAIL: Test${index} (0.00s)\n    a_test.go:${index + 1}: no\n`,
  );
  const files = {
    ...shellProject('cat log.txt; exit 1'),
    'log.txt': `${tests.join('')}FAIL\nFAIL\texample.com/api\t0.1s\nFAIL\n`,
    'a_test.go': '//\n'.repeat(FAILURES),
  };
  world.github.resetRequests();
  const { sha } = await world.github.pushFiles(repository, { files });
  const [check] = await world.until(
    repository,
    sha,
    (checks) => completed(checks) && checks[0]?.annotations.length === FAILURES,
  );
  if (check?.conclusion !== 'failure') throw new Error(`the check ended as ${check?.conclusion}`);
  return {
    name: `requests to GitHub for a failed run with ${FAILURES} annotations`,
    value: world.github.countRequests({ excludeTokens: true }),
    unit: 'requests',
    note: 'one for each 50 of them is among these, and one that reads their files',
  };
}

function stepsAt(current: number): StepStatus[] {
  return STAGES.map((stage, index): StepStatus => {
    if (index > current) return { stage, state: 'waiting' };
    return { stage, state: index === current ? 'running' : 'succeeded', startedAt: new Date(0) };
  });
}

/** From a command's end to the request that completes its check, over HTTP, on the local engine. */
async function latencies(world: World): Promise<Row[]> {
  const repository = await world.repository('latency');
  const taken: number[] = [];
  for (let number = 0; number < RUNS; number += 1) taken.push(await latencyOf(world, repository, number));
  const note = `from the end of the command to the completed check, of ${RUNS}`;
  return [
    { name: 'change → check updated, p50', value: quantile(taken, 0.5), unit: 'ms', note },
    { name: 'change → check updated, p99', value: quantile(taken, 0.99), unit: 'ms' },
  ];
}

async function latencyOf(
  world: World,
  repository: Parameters<World['until']>[0],
  number: number,
): Promise<number> {
  const files = { ...shellProject('date +%s%3N'), 'number.txt': String(number) };
  const { sha } = await world.github.pushFiles(repository, { files });
  const checks = await world.until(repository, sha, completed);
  const completedAt = Date.now();
  const log = await testLog(world, checks[0]);
  return completedAt - Number(/^\d{13}$/m.exec(log)?.[0]);
}
