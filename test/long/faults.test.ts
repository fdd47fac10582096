import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  FAULTS,
  type FaultName,
  type Outage,
  REQUESTS,
  REQUESTS_OF_PROJECTS,
  type RequestName,
  tryMintFault,
  tryOutage,
} from '../e2e/fault-cases.ts';
import { startUnsteadyWorld, type UnsteadyWorld } from '../e2e/unsteady-world.ts';

const NAMES = Object.keys(FAULTS) as FaultName[];

/** Of what the server asks while it plans, where one failure is told like another. */
const SOME: readonly FaultName[] = [
  'an error 500',
  'a limit (429) that names a time',
  'a cut connection',
  'silence',
];

/** A limit holds back all that its installation asks for, so what else fails does so in a world of its own. */
let failing: UnsteadyWorld;
let limiting: UnsteadyWorld;

beforeAll(async () => {
  failing = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '1' });
  limiting = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '1' });
});

afterAll(async () => {
  expect([...failing.github.violations, ...limiting.github.violations]).toEqual([]);
  await failing.close();
  await limiting.close();
});

describe('GitHub fails for a minute: the check ends all the same, once, and nothing is hammered', () => {
  // All at once, each of a repository of its own: what is waited for is mostly time.
  test('in every way, at every request of a push', async () => {
    const outages = [...outagesOf(REQUESTS, NAMES), ...outagesOf(REQUESTS_OF_PROJECTS, SOME)];
    const tried = await Promise.allSettled(
      outages.map((outage) => tryOutage(isLimit(outage.what) ? limiting : failing, outage)),
    );

    expect(
      tried.flatMap((one) => (one.status === 'rejected' ? String(one.reason).slice(0, 500) : [])),
    ).toEqual([]);
  }, 290_000);
});

describe("GitHub fails once to mint the installation's token", () => {
  test.each(NAMES)(
    'with %s',
    async (what) => {
      await tryMintFault(failing, what);
    },
    120_000,
  );
});

function isLimit(what: FaultName): boolean {
  return 'headers' in FAULTS[what]();
}

function outagesOf(requests: object, faults: readonly FaultName[]): Outage[] {
  const names = Object.keys(requests) as RequestName[];
  return names.flatMap((asked) => faults.map((what): Outage => ({ asked, what, lasts: { seconds: 60 } })));
}
