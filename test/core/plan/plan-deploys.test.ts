import { describe, expect, test } from '@jest/globals';
import type { DeployTarget } from '../../../src/core/config/config.ts';
import { planDeploys } from '../../../src/core/plan/plan-deploys.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';
import { runKey } from './examples.ts';

function target(change: Partial<DeployTarget> = {}): DeployTarget {
  return { to: 'production', chart: 'helm', values: [], set: {}, approve: false, ...change };
}

function decision(change: Partial<DeployTarget>, key: Partial<RunKey> = {}): string {
  const branch = key.tag == null ? 'main' : '';
  const { targets, decisions } = planDeploys([target(change)], runKey(key), {
    branch,
    rules: [target(change)],
  });
  expect(targets).toHaveLength(decisions[0]!.startsWith('deploy production: runs') ? 1 : 0);
  return decisions[0]!;
}

describe('a target is deployed to', () => {
  test.each<[Partial<DeployTarget>, Partial<RunKey>, string]>([
    [{}, {}, 'main matches'],
    [{ only: ['main'] }, {}, 'main matches'],
    [{ only: ['release/*', 'm*'] }, {}, 'main matches'],
    [{ only: ['v*'] }, { tag: 'v1.2.0' }, 'v1.2.0 matches'],
    [{ only: ['api/**'] }, { tag: 'api/v1' }, 'api/v1 matches'],
    [{ approve: true }, {}, 'main matches; it waits for an approval'],
  ])('%j %j', (change, key, because) => {
    expect(decision(change, key)).toBe(`deploy production: runs, ${because}`);
  });
});

describe('a target is not deployed to', () => {
  test.each<[Partial<DeployTarget>, Partial<RunKey>, string]>([
    [{}, { tag: 'v1.2.0' }, 'v1.2.0 is not what it deploys: the default branch'],
    [{ only: ['v*'] }, {}, 'main is not what it deploys: v*'],
    [{ only: ['main', 'v*'] }, { tag: 'nightly' }, 'nightly is not what it deploys: main, v*'],
    [{}, { purpose: 'verify' }, 'only runs of the default branch and of tags deploy'],
    [{ only: ['**'] }, { purpose: 'verify' }, 'only runs of the default branch and of tags deploy'],
    [{ only: ['**'] }, { trust: 'untrusted' }, 'the run is untrusted'],
    [{ only: ['**'] }, { purpose: 'verify', trust: 'untrusted' }, 'the run is untrusted'],
  ])('%j %j', (change, key, because) => {
    expect(decision(change, key)).toBe(`deploy production: no, ${because}`);
  });
});

test('each target is decided by itself, in the order of the config', () => {
  const targets = [
    target({ to: 'staging' }),
    target({ only: ['v*'] }),
    target({ to: 'dev', only: ['main'] }),
  ];

  const planned = planDeploys(targets, runKey(), { branch: 'main', rules: targets });

  expect(planned.targets.map(({ to }) => to)).toEqual(['staging', 'dev']);
  expect(planned.decisions.map((line) => line.split(',')[0])).toEqual([
    'deploy staging: runs',
    'deploy production: no',
    'deploy dev: runs',
  ]);
});
