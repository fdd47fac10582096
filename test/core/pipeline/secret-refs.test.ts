import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { secretRefs } from '../../../src/core/pipeline/secret-refs.ts';

test('The secrets of a rendered run are those that its steps get', () => {
  const text = readFileSync(new URL('../../cases/render/secrets/expected.yaml', import.meta.url), 'utf8');

  const refs = loadAll(text).flatMap(secretRefs);

  expect(refs.length).toBeGreaterThan(0);
  for (const { name, key } of refs) {
    expect(text).toContain(`name: ${name}\n`);
    expect(text).toContain(`key: ${key}\n`);
  }
});

test('The Secrets that are mounted are told whole, but for the one of the run itself', () => {
  const run = {
    metadata: { name: 'api-1' },
    spec: {
      workspaces: [
        { name: 'git-credentials', secret: { secretName: 'api-1-git' } },
        { name: 'kubeconfig', secret: { secretName: 'k8s' } },
        { name: 'source', emptyDir: {} },
      ],
      taskSpec: { volumes: [{ name: 'dockerconfig', secret: { secretName: 'registry' } }] },
    },
  };

  expect(secretRefs(run)).toEqual([
    { name: 'k8s', key: null },
    { name: 'registry', key: null },
  ]);
});

test.each<[string, unknown]>([
  ['nothing', null],
  ['text', 'secretKeyRef'],
  ['a reference that is none', { valueFrom: { secretKeyRef: { name: 1, key: 'k' } } }],
  ['an empty object', {}],
])('In %s there are none', (_what, value) => {
  expect(secretRefs(value)).toEqual([]);
});

test('A secret that several steps get is told once', () => {
  const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'ci', key: 'token' } } }];

  expect(secretRefs({ steps: [{ env }, { env }], sidecars: [{ env }] })).toEqual([
    { name: 'ci', key: 'token' },
  ]);
});
