import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { createSecretRegister } from '../../../src/app/runs/secret-register.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import { formsToMask } from '../../../src/core/report/secret-forms.ts';
import { systemClock } from '../../../src/local/system-clock.ts';
import { createLog, logSettings } from '../../../src/log.ts';
import { type GeneratedSecret, generatedSecrets } from './generated-secrets.ts';
import { readingsOf, startPublisher } from './published.ts';
import { leakIn, piecesOf } from './written-secrets.ts';

const GENERATED = generatedSecrets(1000);
/** Those that are known by their shape: nobody else's words have any other. */
const SECRETS = GENERATED.filter(({ given }) => !given);
/** Each is told in a run of its own. */
const TOLD = 16;

let publisher: Awaited<ReturnType<typeof startPublisher>>;

beforeAll(async () => {
  publisher = await startPublisher();
});
afterAll(() => publisher.close());

const words = ({ show }: GeneratedSecret, value: string) => `the kubelet says ${show(value)} is bad`;
const infrastructure = (detail: string): RunStatus => ({
  phase: 'done',
  verdict: 'infrastructure',
  cause: { kind: 'infrastructure', reason: 'RunContainerError', detail, retry: false },
  steps: [],
  results: {},
  finishedAt: new Date(Date.UTC(2026, 10, 23, 12)),
});

const STATUSES: Readonly<Record<string, (detail: string) => RunStatus>> = {
  'waits for its start': (detail) => ({
    phase: 'starting',
    since: new Date(Date.UTC(2026, 10, 23, 12)),
    blocked: { reason: 'ImagePullBackOff', detail },
  }),
  'goes on': (detail) => ({
    phase: 'running',
    steps: [{ stage: 'test', state: 'waiting' }],
    turns: [],
    blocked: { reason: 'CreateContainerConfigError', detail },
  }),
  'has ended': infrastructure,
};

describe('what the servers say of a run that', () => {
  test.each(Object.entries(STATUSES))('%s shows no secret', async (_name, status) => {
    const shown = SECRETS.map((secret) => words(secret, '***')).join('\n');
    const calm = await publisher.publish({ secrets: [], chunks: [], status: status(shown) });
    const ambient = piecesOf(Object.values(calm).flatMap(readingsOf));
    for (const secret of SECRETS.slice(0, TOLD)) {
      const published = await publisher.publish({
        secrets: [],
        chunks: [],
        status: status(words(secret, secret.value)),
      });

      expect(published.check).toContain('the kubelet says');
      expect(published.check).toContain('\\\\*\\\\*\\\\*');
      const pieces = piecesOf([secret.value], ambient);
      // The words are the engine's own: what it keeps of them does not leave.
      const { 'annotations of the run': _kept, ...left } = published;
      for (const [where, text] of Object.entries(left))
        expect({ where, leak: leakIn(readingsOf(text), pieces) }).toEqual({ where, leak: null });
    }
  });
});

describe('the log of the app', () => {
  const written: string[] = [];
  let said: string;

  beforeAll(async () => {
    const out = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
    const register = createSecretRegister(systemClock);
    const log = await createLog({ level: 'debug', format: 'pretty', secrets: register });
    for (const secret of GENERATED) {
      register.give('api-1', secret.given ? formsToMask([secret.value]) : []);
      const cause = new Error(`caused by ${words(secret, secret.value)}`);
      log.warn({ err: new Error(words(secret, secret.value), { cause }), run: 'api-1' }, 'log not copied');
    }
    log.info({}, 'the end');
    const deadline = Date.now() + 10_000;
    while (!written.join('').includes('the end')) {
      if (Date.now() > deadline) throw new Error('the log was not written');
      await new Promise(setImmediate);
    }
    out.mockRestore();
    said = written.join('');
  });

  test('shows no secret of an error', () => {
    expect(said.split('caused by the kubelet says').length).toBeGreaterThan(GENERATED.length);
    expect(said.split('***').length).toBeGreaterThan(2 * GENERATED.length);
    const ambient = piecesOf([
      said.replaceAll(/the kubelet says .* is bad/g, ''),
      ...GENERATED.map(({ show }) => show('***')),
    ]);
    const pieces = piecesOf(
      GENERATED.map(({ value }) => value),
      ambient,
    );
    expect(leakIn([said], pieces)).toBeNull();
  });

  test('does not look for what other runs were given in a line of a run', () => {
    const lines: string[] = [];
    const register = createSecretRegister(systemClock);
    register.give('api-1', ['what api-1 was given']);
    const { all } = register;
    let looked = 0;
    const secrets = {
      of: register.of,
      all: () => {
        looked += 1;
        return all();
      },
    };
    const log = pino(logSettings({ level: 'info', secrets }), { write: (line) => void lines.push(line) });

    log.warn({ err: new Error('it said: what api-1 was given'), run: 'api-1' }, 'log not copied');
    expect(looked).toBe(0);
    log.warn({ err: 'it said: what api-1 was given' }, 'nobody knows of which run');

    expect(lines.join('').split('it said: ***')).toHaveLength(lines.join('').split('it said: ').length);
    expect(lines.join('')).not.toContain('was given');
  });
});
