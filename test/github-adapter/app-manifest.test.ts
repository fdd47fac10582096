import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { EVENTS } from '../../src/github/read-event.ts';

const manifest = load(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as {
  default_events: string[];
  default_permissions: Record<string, string>;
};

test('the app is told of every event that it reads', () => {
  expect(manifest.default_events).toEqual(expect.arrayContaining([...EVENTS]));
});

test('the app asks for what it needs, and for nothing that could change code or settings', () => {
  expect(manifest.default_permissions).toEqual({
    checks: 'write',
    contents: 'read',
    deployments: 'write',
    issues: 'write',
    merge_queues: 'read',
    metadata: 'read',
    pull_requests: 'write',
  });
});
