import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { KNOWN_SERVICE_NAMES, knownService } from '../../../src/core/config/known-services.ts';

describe('known services', () => {
  test.each(KNOWN_SERVICE_NAMES)('%s has a probe that a shell can parse, or a port', (name) => {
    const { ready } = knownService(name)!;

    if ('port' in ready) expect(ready.port).toBeGreaterThan(0);
    else expect(() => execFileSync('sh', ['-n'], { input: ready.command })).not.toThrow();
  });

  test.each(KNOWN_SERVICE_NAMES)(
    'What %s gets to start is not given when the config sets it itself',
    (name) => {
      const { env = {}, unless = [] } = knownService(name)!;

      if (Object.keys(env).length > 0) expect(unless).toContain(Object.keys(env)[0]);
    },
  );

  test('Images are known whatever their registry, tag and digest', () => {
    const postgres = knownService('postgres');

    expect(postgres).toBeDefined();
    expect(knownService('mirror.example.com:5000/library/postgres:17@sha256:00')).toBe(postgres);
    expect(knownService('postgis/postgis:17-3.5')).toBe(postgres);
    expect(knownService('acme/my-postgres')).toBeUndefined();
    expect(knownService('constructor')).toBeUndefined();
  });
});
