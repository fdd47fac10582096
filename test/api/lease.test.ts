import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Clock } from '../../src/app/ports.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import { createKubeClient } from '../../src/tekton/kube-client.ts';
import { createLeaseLeadership } from '../../src/tekton/lease-leadership.ts';
import { LEASES, pathOf } from '../../src/tekton/resources.ts';
import { createRecordingLog } from '../app/fakes/recording-log.ts';
import { clientFor, kubeConfigFor, until } from './control-plane.ts';
import { createWire, type Wire } from './wire.ts';
import { createWorld, type KubeObject, rulesOfRole, sharedPlane, uniqueName, type World } from './world.ts';

const TIMES = { duration: 2_000, renewDeadline: 1_200, retry: 150 };

let world: World;
let lease: string;
let candidates: Candidate[];
/** Who led, one after the other; two at once are an error. */
let history: string[];
let leading: Set<string>;

beforeEach(async () => {
  world = await createWorld(sharedPlane(), rulesOfRole('role-lease.yaml'));
  lease = uniqueName();
  candidates = [];
  history = [];
  leading = new Set();
});

afterEach(async () => {
  await Promise.all(candidates.map(({ stop }) => stop()));
});

interface Candidate {
  readonly log: ReturnType<typeof createRecordingLog>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as a lost node does: nothing of it reaches the server any more. */
  kill(): void;
}

interface CandidateOptions {
  /** Of its clock, in milliseconds. */
  readonly skew?: number;
  readonly wire?: Wire;
  readonly user?: 'tekton-ci' | 'nobody';
}

function candidate(
  identity: string,
  { skew = 0, wire, user = 'tekton-ci' }: CandidateOptions = {},
): Candidate {
  const controller = new AbortController();
  const log = createRecordingLog();
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + skew) };
  const client =
    wire === undefined
      ? clientFor(sharedPlane(), user)
      : createKubeClient(kubeConfigFor(wire, user), TIMES.renewDeadline);
  const { namespace } = world;
  const options = { client, namespace, name: lease, identity, clock, log, times: TIMES };
  const ended = createLeaseLeadership(options).lead(controller.signal, (signal) => work(identity, signal));
  const made: Candidate = {
    log,
    async stop() {
      controller.abort(new Error('stopped'));
      await ended;
    },
    kill: () => wire?.block(),
  };
  candidates.push(made);
  return made;
}

async function work(identity: string, signal: AbortSignal): Promise<void> {
  if (leading.size > 0) history.push('two at once');
  leading.add(identity);
  history.push(identity);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  leading.delete(identity);
}

const leads = (identity: string) => until(() => leading.has(identity), `${identity} to lead`, 15_000);

async function leaseSpec(): Promise<KubeObject> {
  const path = pathOf(LEASES, world.namespace, lease);
  const found = (await world.admin.request({ method: 'GET', path })) as KubeObject;
  return found.spec;
}

test('of two candidates one leads, and renews its lease', async () => {
  candidate('first');
  await leads('first');
  candidate('second');
  const { renewTime } = await leaseSpec();

  await until(async () => (await leaseSpec()).renewTime > renewTime, 'a renewal');

  expect(await leaseSpec()).toMatchObject({
    holderIdentity: 'first',
    leaseDurationSeconds: 2,
    leaseTransitions: 0,
  });
  expect(history).toEqual(['first']);
});

test('of ten that begin at once one leads', async () => {
  for (let number = 0; number < 10; number += 1) candidate(`candidate-${number}`);

  await until(() => leading.size > 0, 'one to lead');
  const { renewTime } = await leaseSpec();
  await until(async () => (await leaseSpec()).renewTime > renewTime, 'a renewal');

  expect(history).toHaveLength(1);
});

test('one that stops gives its lease back, and the other one leads at once', async () => {
  const first = candidate('first');
  await leads('first');
  candidate('second');

  const stoppedAt = performance.now();
  await first.stop();
  await leads('second');

  expect(performance.now() - stoppedAt).toBeLessThan(TIMES.duration);
  expect((await leaseSpec()).leaseTransitions).toBe(1);
  expect(history).toEqual(['first', 'second']);
});

test('one that stops while it renews its lease gives it back all the same', async () => {
  const first = candidate('first');
  await leads('first');
  // As the renewal does whose answer did not come any more.
  await world.admin.request({
    method: 'PATCH',
    path: pathOf(LEASES, world.namespace, lease),
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels: { edited: 'yes' } } },
  });

  await first.stop();

  expect((await leaseSpec()).holderIdentity ?? '').toBe('');
});

test('one that nothing is heard of stops leading before another begins', async () => {
  const wire = await createWire(sharedPlane().port);
  const first = candidate('first', { wire });
  await leads('first');
  candidate('second');

  first.kill();
  await leads('second');

  expect(history).toEqual(['first', 'second']);
  expect(first.log.messages('warn')).toContain('leads no more, since the lease was not renewed');
  wire.open();
  await wire.close();
});

test.each([-86_400_000, 86_400_000])(
  'a clock that is wrong by %i ms gives nobody the lease',
  async (skew) => {
    candidate('first');
    await leads('first');
    const second = candidate('second', { skew });
    const { renewTime } = await leaseSpec();

    await until(
      async () => Date.parse((await leaseSpec()).renewTime) - Date.parse(renewTime) > TIMES.duration,
      'the lease to be renewed for longer than it holds',
    );
    expect(history).toEqual(['first']);
    await second.stop();
  },
);

test('a server that starts again in the place of one that was killed leads at once', async () => {
  const wire = await createWire(sharedPlane().port);
  const killed = candidate('first', { wire });
  await leads('first');
  killed.kill();
  await killed.stop();
  expect((await leaseSpec()).holderIdentity).toBe('first');

  const startedAt = performance.now();
  candidate('first');
  await leads('first');

  expect(performance.now() - startedAt).toBeLessThan(TIMES.duration / 2);
  wire.open();
  await wire.close();
});

test('a lease that somebody else edits is not lost', async () => {
  candidate('first');
  await leads('first');

  await world.admin.request({
    method: 'PATCH',
    path: pathOf(LEASES, world.namespace, lease),
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels: { edited: 'yes' } } },
  });
  const { renewTime } = await leaseSpec();
  await until(async () => (await leaseSpec()).renewTime > renewTime, 'a renewal');

  expect(history).toEqual(['first']);
});

test('who may not have the lease says what the operator has to do', async () => {
  const { log } = candidate('first', { user: 'nobody' });

  await until(() => log.lines.length > 0, 'a line in the log');

  expect(log.lines[0]).toMatchObject({
    level: 'error',
    fields: {
      cure: expect.stringMatching(/may not work with leases in the namespace .*Role of the Helm chart/),
    },
  });
  expect(history).toEqual([]);
});
