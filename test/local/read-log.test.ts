import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { LogChunk } from '../../src/app/ports.ts';
import { LOG_LIMIT } from '../../src/local/step-log.ts';
import { eventually, makeRun, readLog, readOutput, simpleRun, startEngine, step, task } from './fixture.ts';

const never = new AbortController().signal;

/** Reads until the text has come; resolves with the iterator, to read on. */
async function readUntil(chunks: AsyncIterator<LogChunk>, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) {
    const { value, done } = await chunks.next();
    if (done === true) throw new Error(`the log ended before ${wanted}: ${text}`);
    text += Buffer.from(value.bytes).toString();
  }
  return text;
}

describe('the log of a step', () => {
  test('comes while the step runs, and ends with it', async () => {
    const { engine, directory } = await startEngine();
    const go = join(directory, 'go');
    await engine.submit(
      simpleRun({ test: `echo one; while [ ! -e ${go} ]; do sleep 0.02; done; printf two` }),
      {},
    );

    const chunks = engine.logs('a-run', { stage: 'test' }, never)[Symbol.asyncIterator]();
    await readUntil(chunks, 'one\n');
    await writeFile(go, '');
    const rest = await readUntil(chunks, 'two');

    expect(rest).toBe('two');
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  test('waits for a step that has not started, and comes to every reader from its beginning', async () => {
    const { engine, directory, observer } = await startEngine({ concurrency: 1 });
    const go = join(directory, 'go');
    await engine.submit(simpleRun({ test: `while [ ! -e ${go} ]; do sleep 0.02; done` }, 'before'), {});
    await engine.submit(simpleRun({ clone: 'true', test: 'echo one; echo two >&2' }), {});

    const readers = [
      readOutput(engine, 'a-run', { stage: 'test' }),
      readOutput(engine, 'a-run', { stage: 'test' }),
    ];
    await writeFile(go, '');
    await observer.done('a-run');

    for (const text of await Promise.all([...readers, readOutput(engine, 'a-run', { stage: 'test' })]))
      expect(text).toBe('one\ntwo\n');
  });

  test('is empty for steps that never ran and for what is not there', async () => {
    const { engine, observer } = await startEngine();
    await engine.submit(simpleRun({ clone: 'false', test: 'true' }), {});
    const waiting = readLog(engine, 'a-run', { stage: 'test' });
    await observer.done('a-run');

    expect(await waiting).toBe('');
    expect(await readLog(engine, 'a-run', { stage: 'test' })).toBe('');
    expect(await readLog(engine, 'a-run', { stage: 'build' })).toBe('');
    expect(await readLog(engine, 'nobody', { stage: 'test' })).toBe('');
  });

  test('ends when its reader goes, whatever the step does', async () => {
    const { engine, observer } = await startEngine({ concurrency: 1 });
    await engine.submit(simpleRun({ test: 'while :; do sleep 0.05; done' }), {});
    await engine.submit(simpleRun({ test: 'true' }, 'waiting'), {});
    await observer.until('a-run', ({ phase }) => phase === 'running');

    for (const name of ['a-run', 'waiting']) {
      const controller = new AbortController();
      const chunks = engine.logs(name, { stage: 'test' }, controller.signal)[Symbol.asyncIterator]();
      if (name === 'a-run') await readUntil(chunks, 'tekton-ci:');
      const next = chunks.next();
      controller.abort();
      expect(await next).toEqual({ done: true, value: undefined });
    }
  });

  test('comes to many readers of many tasks side by side', async () => {
    const { engine } = await startEngine();
    const names = Array.from({ length: 16 }, (_, index) => `task-${index}`);
    const tasks = names.map((name) => task(name, [step('test', `sleep 0.3; echo ${name}`)]));
    await engine.submit(makeRun({ tasks }), {});

    const texts = names.map(async (variant, index) => {
      let text = '';
      const ref = index === 0 ? { stage: 'test' as const } : { stage: 'test' as const, variant };
      for await (const { bytes } of engine.logs('a-run', ref, never)) text += Buffer.from(bytes).toString();
      return text.slice(text.indexOf('\n') + 1);
    });

    expect(await Promise.all(texts)).toEqual(names.map((name) => `${name}\n`));
  });

  test('is found by stage and variant, and survives a restart', async () => {
    const { engine, observer, directory } = await startEngine();
    const tasks = ['one', 'test-1', 'test-2'].map((name) => task(name, [step('test', `echo ${name}`)]));
    await engine.submit(makeRun({ tasks }), {});
    await observer.done('a-run');
    await engine.close();

    const next = await startEngine({ directory });

    expect(await readOutput(next.engine, 'a-run', { stage: 'test' })).toBe('one\n');
    expect(await readOutput(next.engine, 'a-run', { stage: 'test', variant: 'test-2' })).toBe('test-2\n');
  });

  test('keeps two steps apart whose names are alike', async () => {
    const { engine, observer } = await startEngine();
    const tasks = [
      task('a', [step('b-test', 'echo other'), step('test', 'true')]),
      task('a-b', [step('test', 'echo mine')]),
    ];
    await engine.submit(makeRun({ tasks }), {});
    await observer.done('a-run');

    expect(await readOutput(engine, 'a-run', { stage: 'test', variant: 'a-b' })).toBe('mine\n');
  });

  test('of 50 MB arrives whole, and is not held in memory', async () => {
    const { engine, observer } = await startEngine();
    const size = 50_000_000;
    await engine.submit(simpleRun({ test: `head -c ${size} /dev/zero | tr '\\0' x` }), {});
    const before = process.memoryUsage.rss();
    let most = 0;
    const read = async (onBytes: (bytes: Uint8Array) => void) => {
      for await (const { bytes } of engine.logs('a-run', { stage: 'test' }, never)) {
        onBytes(bytes);
        most = Math.max(most, process.memoryUsage.rss());
      }
    };

    const hash = createHash('sha256');
    await read((bytes) => void hash.update(bytes));
    let total = 0;
    for (let times = 0; times < 6; times += 1) await read((bytes) => (total += bytes.length));
    await observer.done('a-run');

    const first = 'tekton-ci: running on this machine; the image golang:1.25 is not used\n';
    const expected = createHash('sha256').update(first).update(Buffer.alloc(size, 'x'));
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
    expect(total).toBe(6 * (size + first.length));
    // Some garbage lies around; of 350 MB that were read it is a part.
    expect(most - before).toBeLessThan(150_000_000);
  });

  test('is cut at its limit, says so, and the step goes on', async () => {
    const { engine, observer, directory } = await startEngine();
    const script = `head -c ${LOG_LIMIT + 5_000_000} /dev/zero | tr '\\0' x; touch ${directory}/went-on`;
    await engine.submit(simpleRun({ test: script }), {});

    let total = 0;
    let last = '';
    for await (const { bytes } of engine.logs('a-run', { stage: 'test' }, never)) {
      total += bytes.length;
      last = Buffer.from(bytes).toString().slice(-100);
    }
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('succeeded');
    await stat(`${directory}/went-on`);
    const note = '\ntekton-ci: the log was cut at 64 MiB\n';
    expect(last.endsWith(note)).toBe(true);
    expect(total).toBe(LOG_LIMIT + note.length);
    expect((await stat(`${directory}/runs/a-run/logs/ci.test.log`)).size).toBe(total);
  });

  test('does not outgrow its limit for long while the step prints without end', async () => {
    const { engine, observer, directory } = await startEngine();
    const log = `${directory}/runs/a-run/logs/ci.test.log`;
    const printed = join(directory, 'printed');
    const test = `head -c ${LOG_LIMIT + 1} /dev/zero; touch ${printed}; while :; do sleep 0.05; done`;
    await engine.submit(simpleRun({ test }), {});
    await observer.until('a-run', ({ phase }) => phase === 'running');

    await eventually(() => existsSync(printed));
    await eventually(async () => (await stat(log)).size === LOG_LIMIT);
  });
});
