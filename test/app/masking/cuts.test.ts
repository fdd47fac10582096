import { beforeAll, describe, expect, test } from '@jest/globals';
import type { LogChunk } from '../../../src/app/ports.ts';
import { createLogCopier } from '../../../src/app/runs/copy-logs.ts';
import { readNotes } from '../../../src/app/runs/run-notes.ts';
import { pushEvent, runKey, SHA } from '../../core/plan/examples.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld, type World } from '../fakes/world.ts';
import { type GeneratedSecret, generatedSecrets } from './generated-secrets.ts';
import { maskedOnce, WAYS, withoutRemains, writtenIn } from './written-secrets.ts';

const SECRETS = generatedSecrets(2000);

let world: World;
let name: string;

beforeAll(async () => {
  world = createWorld();
  world.repositories.commit(SHA, { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' });
  await startPush(world, pushEvent());
  [name] = [...world.engine.runs.keys()] as [string];
});

/** Lines that each hold the text, and one more cut through each of them, every time one byte further on. */
function cutEverywhere(text: string): { readonly chunks: readonly Uint8Array[]; readonly lines: number } {
  const secret = Buffer.from(text);
  const line = Buffer.concat([Buffer.from('got '), secret, Buffer.from(' here\n')]);
  const chunks: Uint8Array[] = [];
  let rest = Buffer.alloc(0);
  for (let cut = 1; cut < secret.length; cut += 1) {
    chunks.push(Buffer.concat([rest, line.subarray(0, 4 + cut)]));
    rest = line.subarray(4 + cut);
  }
  return { chunks: [...chunks, rest], lines: secret.length - 1 };
}

/** What is stored of a log of these chunks, of a run that was given the secret. */
async function stored({ value, given }: GeneratedSecret, chunks: readonly Uint8Array[]): Promise<string> {
  const kept: Uint8Array[] = [];
  const { log, secrets, clock } = world;
  const engine = {
    ...world.engine,
    secretValues: async () => (given ? [value] : []),
    async *logs(): AsyncGenerator<LogChunk> {
      for (const bytes of chunks) yield { at: new Date(0), bytes };
    },
  };
  const logStore = {
    ...world.logStore,
    append: async (_name: string, _step: unknown, chunk: LogChunk) => void kept.push(chunk.bytes),
    async *read() {},
  };
  const copier = createLogCopier({ engine, logStore, log, secrets, clock }, new AbortController().signal);
  const observed = world.engine.runs.get(name)!;
  const status = { phase: 'running', turns: [], steps: [{ stage: 'test', state: 'succeeded' }] } as const;
  copier.follow({ ...observed, status, notes: readNotes(observed)!, key: runKey() });
  await copier.ended(name);
  return Buffer.concat(kept).toString();
}

/** What is not masked as it has to be; null when all is. */
async function leakOf(
  secret: GeneratedSecret,
  { text, masked }: { readonly text: string; readonly masked: string },
  read: (log: string) => string = maskedOnce,
): Promise<object | null> {
  const { chunks, lines } = cutEverywhere(text);
  const wanted = read(`got ${masked} here\n`);
  const log = read(await stored(secret, chunks));
  return log === wanted.repeat(lines) ? null : { text, at: log.replaceAll(wanted, '').slice(0, 400) };
}

describe('in a log that is cut anywhere', () => {
  test('not one of 2,000 secrets is kept', async () => {
    for (const secret of SECRETS) {
      const { show, value } = secret;
      expect(await leakOf(secret, { text: show(value), masked: show('***') })).toBeNull();
    }
  }, 120_000);

  test.each(Object.keys(WAYS))('none that is written %s', async (way) => {
    for (const secret of SECRETS.filter(({ given }) => given).slice(0, 40)) {
      const [written] = writtenIn(secret, { [way]: WAYS[way]! });
      expect(await leakOf(secret, written!, way.includes('base64') ? withoutRemains : maskedOnce)).toBeNull();
    }
  });
});
