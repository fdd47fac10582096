import { expect, test } from '@jest/globals';
import type { Run } from '../../src/core/pipeline/run.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import { createLeaseLeadership } from '../../src/tekton/lease-leadership.ts';
import type { TektonEngine } from '../../src/tekton/tekton-engine.ts';
import { auditedCalls, rightsOf, withoutRight } from './audit.ts';
import { clientFor, until } from './control-plane.ts';
import {
  CREDENTIALS,
  childOf,
  createWorld,
  rulesOfRole,
  runOf,
  sharedPlane,
  type Watched,
  type World,
  watchEngine,
} from './world.ts';

const OF_RUNS = rulesOfRole('role-runs.yaml');
const OF_LEASE = rulesOfRole('role-lease.yaml');
const RULES = [...OF_RUNS, ...OF_LEASE];

/** Who lacks a right, and what is there: a run that somebody else has made, of which a task runs and a turn waits. */
interface Work {
  readonly engine: TektonEngine;
  readonly watched: Watched;
  readonly run: Run;
  readonly world: World;
  readonly signal: AbortSignal;
}

type Call = (work: Work) => Promise<unknown>;

const submit: Call = ({ engine, world }) =>
  engine.submit(runOf('deploy-several-targets', world.namespace), CREDENTIALS);
const renew: Call = ({ engine, run }) => engine.renew(run.name, CREDENTIALS);
const revoke: Call = ({ engine, run }) => engine.revoke(run.name);
const release: Call = ({ engine, run }) => engine.release(run.name);
const remove: Call = ({ engine, run }) => engine.remove(run.name);

/** Every engine here is watched anyway. */
const watch: Call = async () => {};

const answer: Call = async ({ engine, run, watched }) => {
  await watched.when(run.name, ({ status }) => status.phase === 'running');
  await engine.answer(run.name, 'staging', { go: 'yes' });
};

const logs: Call = async ({ engine, run, watched, signal }) => {
  await watched.when(run.name, ({ status }) => status.phase === 'running');
  for await (const _ of engine.logs(run.name, run.steps[0]!, signal)) break;
};

const lead: Call = ({ world, signal }) =>
  createLeaseLeadership({
    client: clientFor(sharedPlane(), 'tekton-ci'),
    namespace: world.namespace,
    name: 'lease',
    identity: 'one',
    clock: systemClock,
    log: world.log,
    times: { duration: 1_500, renewDeadline: 1_000, retry: 100 },
  }).lead(signal, async () => {});

/** What cannot be done without each right of the chart. */
const NEEDED_FOR: Readonly<Record<string, Call>> = {
  'tekton.dev/pipelineruns create': submit,
  'tekton.dev/pipelineruns get': renew,
  'tekton.dev/pipelineruns list': watch,
  'tekton.dev/pipelineruns watch': watch,
  'tekton.dev/pipelineruns patch': release,
  'tekton.dev/pipelineruns delete': remove,
  'tekton.dev/taskruns list': watch,
  'tekton.dev/taskruns watch': watch,
  'tekton.dev/customruns list': watch,
  'tekton.dev/customruns watch': watch,
  'tekton.dev/customruns/status patch': answer,
  '/pods list': watch,
  '/pods watch': watch,
  '/pods/log get': logs,
  '/secrets create': submit,
  '/secrets update': renew,
  '/secrets delete': revoke,
  'coordination.k8s.io/leases get': lead,
  'coordination.k8s.io/leases create': lead,
  'coordination.k8s.io/leases update': lead,
};

test('of every right of the chart it is known what it is for', () => {
  expect(rightsOf(RULES).toSorted()).toEqual(Object.keys(NEEDED_FOR).toSorted());
});

test.each(Object.entries(NEEDED_FOR))(
  'without %s its call is refused, and only that',
  async (right, call) => {
    const world = await createWorld(sharedPlane(), withoutRight(RULES, right));
    const run = await begunRun(world);
    const stopped = new AbortController();
    const engine = world.engine();
    const watched = await watchEngine(engine);
    const working = call({ engine, watched, run, world, signal: stopped.signal }).catch(() => {});
    const refused = () =>
      auditedCalls(sharedPlane(), 'tekton-ci').filter(
        ({ namespace, code }) => namespace === world.namespace && code === 403,
      );
    try {
      await until(() => refused().length > 0, `${right} to be refused`, 15_000);
    } finally {
      stopped.abort();
      await Promise.all([working, watched.stop()]);
    }
    expect(new Set(refused().map((each) => each.right))).toEqual(new Set([right]));
  },
);

/** Somebody else's. */
async function begunRun(world: World): Promise<Run> {
  const run = runOf('deploy-several-targets', world.namespace);
  const other = world.engine({ user: 'admin' });
  await other.submit(run, CREDENTIALS);
  await other.release(run.name);
  const [first] = run.steps;
  const running = { startedAt: '2026-01-01T00:00:00Z' };
  await world.make('TaskRun', {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: childOf(run, first!.task),
    spec: { taskSpec: { steps: [{ name: first!.step, image: 'any' }] } },
    status: {
      podName: 'any',
      conditions: [{ type: 'Succeeded', status: 'Unknown', reason: 'Running' }],
      steps: [{ name: first!.step, container: `step-${first!.step}`, imageID: 'sha256:1', running }],
    },
  });
  await world.make('CustomRun', {
    apiVersion: 'tekton.dev/v1beta1',
    kind: 'CustomRun',
    metadata: childOf(run, 'turn-staging'),
    spec: {
      customRef: { apiVersion: 'tekton-ci.dev/v1', kind: 'Turn' },
      params: [{ name: 'target', value: 'staging' }],
    },
  });
  await world.change('PipelineRun', run.name, {
    status: { conditions: [{ type: 'Succeeded', status: 'Unknown', reason: 'Running' }] },
  });
  return run;
}
