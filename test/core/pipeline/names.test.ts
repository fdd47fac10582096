import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  gateName,
  keyText,
  labelValue,
  nextGateName,
  partName,
  releaseName,
  runName,
  slug,
  versionTaskName,
  waitingName,
  waitingPull,
} from '../../../src/core/pipeline/names.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';
import { anyText } from '../../any-text.ts';
import { runKey } from '../plan/examples.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const text = fc.oneof(
  anyText({ maxLength: 120 }),
  fc.string({ unit: fc.constantFrom('-', '.', '/', 'a', 'Z', '0', 'é', '$', '(', '\n'), maxLength: 120 }),
);
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 });
const key: fc.Arbitrary<RunKey> = fc.record({
  repositoryId: fc.nat(),
  project: text,
  sha: hex,
  tag: fc.option(text),
  purpose: fc.constantFrom('verify', 'publish'),
  trust: fc.constantFrom('trusted', 'untrusted'),
  base: fc.option(text),
  attempt: fc.integer({ min: 1, max: 100 }),
});

describe('the name of a run', () => {
  test('says the repository, the commit and the key', () => {
    expect(runName('api', runKey())).toMatch(/^api-0123456-[0-9a-f]{8}$/);
    expect(runName('Acme.API', runKey({ project: 'web' }))).toMatch(/^acme-api-web-0123456-[0-9a-f]{8}$/);
  });

  test('is a DNS label of at most 63 characters, whatever repository and project are called', () => {
    fc.assert(
      fc.property(text, key, (repository, anyKey) => {
        expect(runName(repository, anyKey)).toMatch(DNS_LABEL);
        expect(runName(repository, anyKey)).toBe(runName(repository, { ...anyKey }));
      }),
    );
  });

  test('uses all 63 characters and never ends its stem with a dash', () => {
    const long = runName('r'.repeat(45), runKey({ project: 'web' }));

    expect(long).toMatch(/^r{45}-0123456-[0-9a-f]{8}$/);
    expect(runName('r'.repeat(200), runKey())).toHaveLength(63);
  });

  test.each<[string, Partial<RunKey>]>([
    ['repository', { repositoryId: 43 }],
    ['project', { project: 'web' }],
    ['commit, past the seven digits that are shown', { sha: `${runKey().sha.slice(0, 39)}8` }],
    ['tag', { tag: 'v1' }],
    ['purpose', { purpose: 'verify' }],
    ['trust', { trust: 'untrusted' }],
    ['base', { base: 'main' }],
    ['attempt', { attempt: 2 }],
  ])('another %s is another name', (_part, change) => {
    expect(runName('api', runKey(change))).not.toBe(runName('api', runKey()));
  });

  test('projects whose names look alike as labels have different names', () => {
    expect(runName('api', runKey({ project: 'a.b' }))).not.toBe(runName('api', runKey({ project: 'a-b' })));
  });
});

test('keys have the same text only when they are the same', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(keyText(a) === keyText(b)).toBe(isSame(a, b));
      expect(keyText(a)).not.toContain('\n');
    }),
  );
  expect(keyText(runKey({ tag: 'null' }))).not.toBe(keyText(runKey({ tag: null })));
});

function isSame(a: RunKey, b: RunKey): boolean {
  return (Object.keys(a) as (keyof RunKey)[]).every((part) => a[part] === b[part]);
}

describe('the name of a gate', () => {
  test('is the same for all projects of a commit', () => {
    expect(gateName(runKey({ project: 'api' }))).toBe(gateName(runKey({ project: 'web' })));
    expect(gateName(runKey())).toMatch(/^gate-[0-9a-f]{16}$/);
  });

  test('differs by purpose, tag and attempt', () => {
    const names = [{}, { purpose: 'verify' as const }, { tag: 'v1' }, { attempt: 2 }].map((change) =>
      gateName(runKey(change)),
    );

    expect(new Set(names).size).toBe(4);
  });

  test('differs by the first project too, once projects are run again', () => {
    const keys = [{ project: 'api' }, { project: 'web' }, { project: 'web', attempt: 2 }].map(runKey);
    const names = [...keys.map(nextGateName), ...keys.map(gateName)];

    expect(new Set(names).size).toBe(5);
    expect(nextGateName(keys[0]!)).toMatch(/^gate-[0-9a-f]{16}$/);
  });
});

test.each([
  ['API', 'api'],
  ['my_repo.js', 'my-repo-js'],
  ['--a--', 'a'],
  ['日本', 'x'],
  ['', 'x'],
])('%j as a part of a name is %s', (from, to) => {
  expect(slug(from)).toBe(to);
});

describe('the value of a label', () => {
  test.each([
    ['acme/api', 'acme-api'],
    ['v1.2_3-rc', 'v1.2_3-rc'],
    ['.', ''],
    ['_a_', 'a'],
    ['日本', ''],
  ])('of %j is %j', (from, to) => {
    expect(labelValue(from)).toBe(to);
  });

  test('is always one that Kubernetes takes', () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(labelValue(any)).toMatch(LABEL_VALUE);
        expect(labelValue(any).length).toBeLessThanOrEqual(63);
      }),
    );
  });

  test('is what it was when Kubernetes takes it already', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][-A-Za-z0-9_.]{0,61}[A-Za-z0-9]$/), (valid) => {
        expect(labelValue(valid)).toBe(valid);
      }),
    );
  });
});

describe('the task of a version', () => {
  test.each([
    ['1.25', 'test-1-25'],
    ['24-bookworm', 'test-24-bookworm'],
  ])('%s is %s', (version, task) => {
    expect(versionTaskName(version, ['1.26', version])).toBe(task);
  });

  test('versions that look alike as labels get different tasks', () => {
    const versions = ['1.25-1', '1.25.1'];
    const tasks = versions.map((version) => versionTaskName(version, versions));

    expect(new Set(tasks).size).toBe(2);
    for (const task of tasks) expect(task).toMatch(DNS_LABEL);
  });

  test('is a DNS label whatever the version', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 2, maxLength: 4 }), (versions) => {
        const tasks = versions.map((version) => versionTaskName(version, versions));
        for (const task of tasks) expect(task).toMatch(DNS_LABEL);
        expect(new Set(tasks).size).toBe(versions.length);
      }),
    );
  });
});

describe('the name of a part', () => {
  const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

  test.each([
    ['deploy', 'staging', 'deploy-staging'],
    ['', 'db', 'db'],
  ])('%j of %s is %s', (prefix, name, whole) => {
    expect(partName(prefix, name)).toBe(whole);
  });

  test('is a DNS label of the length that is allowed, and no two labels share one', () => {
    fc.assert(
      fc.property(label, label, (one, two) => {
        for (const name of [one, two]) {
          expect(partName('deploy', name)).toMatch(DNS_LABEL);
          expect(partName('', name, 55)).toMatch(DNS_LABEL);
          expect(partName('', name, 55).length).toBeLessThanOrEqual(55);
        }
        expect(partName('deploy', one) === partName('deploy', two)).toBe(one === two);
      }),
    );
  });
});

test.each([
  ['Acme.API', 'acme-api'],
  ['日本', 'x'],
  [`${'a'.repeat(52)}-b`, 'a'.repeat(52)],
])('the release of %s is %s', (title, name) => {
  expect(releaseName(title)).toBe(name);
});

describe('the name of a check that waits for an approval', () => {
  test('is of one pull request, which it tells', () => {
    expect(waitingName(runKey(), '12')).toBe(`${gateName(runKey())}-12`);
    expect(waitingPull(waitingName(runKey(), '12'))).toBe(12);
  });

  test.each([
    gateName(runKey()),
    runName('gate', runKey()),
    `${gateName(runKey())}-0`,
    `x${waitingName(runKey(), '1')}`,
    '',
  ])('is not %j', (name) => {
    expect(waitingPull(name)).toBeNull();
  });
});
