import { describe, expect, test } from '@jest/globals';
import { createLimits, requestKind } from '../../src/github/limits.ts';

/** Timers may fire a little early. */
const SLACK = 2;

function recorder() {
  const starts: number[] = [];
  return {
    starts,
    async start() {
      starts.push(performance.now());
    },
  };
}

describe('limits', () => {
  test('let no more than so many run at once', async () => {
    const limits = createLimits({ concurrent: 3, spacingMs: 1 });
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
    };

    await Promise.all(Array.from({ length: 9 }, () => limits.run('read', task)));

    expect(most).toBe(3);
  });

  test('keep starts apart', async () => {
    const limits = createLimits({ spacingMs: 20 });
    const { starts, start } = recorder();

    await Promise.all(Array.from({ length: 4 }, () => limits.run('read', start)));

    const gaps = starts.slice(1).map((time, index) => time - starts[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20 - SLACK);
  });

  test('start no more writes, nor creations, in a window than their budgets', async () => {
    const limits = createLimits({ spacingMs: 1, writesPerWindow: 4, creationsPerWindow: 2, windowMs: 500 });
    const creations = recorder();
    const writes = recorder();
    const began = performance.now();

    await Promise.all([
      ...Array.from({ length: 3 }, () => limits.run('creation', creations.start)),
      ...Array.from({ length: 3 }, () => limits.run('write', writes.start)),
    ]);

    const all = [...creations.starts, ...writes.starts].sort((a, b) => a - b);
    expect(creations.starts[1]! - began).toBeLessThan(400);
    expect(creations.starts[2]! - creations.starts[0]!).toBeGreaterThanOrEqual(450);
    expect(all[3]! - began).toBeLessThan(400);
    expect(all[4]! - all[0]!).toBeGreaterThanOrEqual(450);
  });

  test('do not hold reads back for writes', async () => {
    const limits = createLimits({ spacingMs: 1, writesPerWindow: 1, windowMs: 300 });
    const order: string[] = [];
    const note = (what: string) => async () => void order.push(what);

    await Promise.all([
      limits.run('write', note('write')),
      limits.run('write', note('late write')),
      limits.run('read', note('read')),
      limits.run('read', note('read')),
    ]);

    expect(order).toEqual(['write', 'read', 'read', 'late write']);
  });

  test('forget what is no longer wanted while it waits', async () => {
    const limits = createLimits({ spacingMs: 1, creationsPerWindow: 1, windowMs: 200 });
    const controller = new AbortController();
    const { starts, start } = recorder();
    await limits.run('creation', start);

    const waiting = limits.run('creation', start, controller.signal);
    controller.abort(new Error('not wanted'));

    await expect(waiting).rejects.toThrow('not wanted');
    expect(starts).toHaveLength(1);
  });

  test('give back what the task gives, and pass its failure on without another try', async () => {
    const limits = createLimits({ spacingMs: 1 });
    let tries = 0;

    await expect(limits.run('creation', async () => 7)).resolves.toBe(7);
    await expect(
      limits.run('creation', async () => {
        tries += 1;
        throw new Error('no');
      }),
    ).rejects.toThrow('no');

    expect(tries).toBe(1);
  });
});

test.each([
  ['GET', '/repos/{owner}/{repo}', 'read'],
  ['HEAD', '/repos/{owner}/{repo}', 'read'],
  ['POST', '/graphql', 'read'],
  ['PATCH', '/repos/{owner}/{repo}/check-runs/{check_run_id}', 'write'],
  ['DELETE', '/repos/{owner}/{repo}/x', 'write'],
  ['POST', '/repos/{owner}/{repo}/check-runs', 'creation'],
  ['POST', '/repos/{owner}/{repo}/issues/{issue_number}/comments', 'creation'],
  ['POST', '/app/installations/{installation_id}/access_tokens', 'write'],
  ['POST', '/app/hook/deliveries/{delivery_id}/attempts', 'write'],
])('%s %s counts as a %s', (method, route, kind) => {
  expect(requestKind(method, route)).toBe(kind);
});

test('A GraphQL mutation counts as what makes content', () => {
  expect(requestKind('POST', '/graphql', 'mutation Acknowledge { x }')).toBe('creation');
});
