import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Run } from '../../src/core/pipeline/run.ts';
import { findPidNamespace } from '../../src/local/pid-namespace.ts';
import { startTimeOf } from '../../src/local/process-group.ts';
import { eventually, PATH, readOutput, simpleRun, startEngine, temporaryDirectory } from './fixture.ts';

const linux = process.platform === 'linux' ? test : test.skip;
const hasNamespaces = (await findPidNamespace()).length > 0;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Host {
  submit(run: Run): void;
  cancel(name: string): void;
  /** Resolves when the engine said this of a run. */
  heard(name: string, phase: string): Promise<void>;
  /** As by the kernel's out-of-memory killer: no warning, no last words. */
  kill(): Promise<void>;
}

function startHost(directory: string, namespaces: boolean): Host {
  const program = join(import.meta.dirname, 'engine-process.ts');
  const child = spawn(process.execPath, [program, directory, PATH, String(namespaces)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const heard: { name: string; status: { phase: string } }[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => heard.push(JSON.parse(line)));
  return {
    submit: (run) => void child.stdin!.write(`${JSON.stringify({ run })}\n`),
    cancel: (name) => void child.stdin!.write(`${JSON.stringify({ cancel: name })}\n`),
    heard: (name, phase) =>
      eventually(() => heard.some((one) => one.name === name && one.status.phase === phase)),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** A step that notes that it is alive, several times a second, and does not end when asked. */
function beating(file: string): string {
  return `trap "" TERM; while :; do date +%N >> ${file}; sleep 0.05; done`;
}

async function isStill(file: string): Promise<boolean> {
  const before = await readFile(file, 'utf8');
  await new Promise((resolve) => setTimeout(resolve, 300));
  return before === (await readFile(file, 'utf8'));
}

describe('an engine that was ended without warning', () => {
  linux.each(hasNamespaces ? [true, false] : [false])(
    'leaves a step that the next one ends, and a run that begins anew (namespaces: %s)',
    async (namespaces) => {
      const directory = await temporaryDirectory();
      const beat = join(directory, 'beat');
      const host = startHost(directory, namespaces);
      const onceEndless = `if [ -e ${beat} ]; then echo again; exit 0; fi; echo first; ${beating(beat)}`;
      host.submit(simpleRun({ clone: 'mkdir new', test: onceEndless }));
      host.submit(simpleRun({ test: 'echo later' }, 'waiting'));
      await host.heard('waiting', 'pending');
      await eventually(() => existsSync(beat));
      await host.kill();
      expect(await isStill(beat)).toBe(false);

      const { observer, engine } = await startEngine({ directory });

      expect(await isStill(beat)).toBe(true);
      expect(await observer.done('a-run')).toMatchObject({
        verdict: 'succeeded',
        steps: [
          { stage: 'clone', state: 'succeeded' },
          { stage: 'test', state: 'succeeded' },
        ],
      });
      expect(await readOutput(engine, 'a-run', { stage: 'test' })).toBe('again\n');
      expect(await observer.done('waiting')).toMatchObject({ verdict: 'succeeded' });
      await engine.close();
      expect((await readdir(join(directory, 'runs', 'a-run'))).sort()).toEqual([
        'logs',
        'pipeline-run.json',
        'state.json',
      ]);
    },
  );

  linux.each([
    ['that ended three engines before', '"restarts":0', '"restarts":3'],
    ['that had begun to deploy', '"stage":"build"', '"stage":"deploy"'],
  ])('leaves a run %s as one that its server ended', async (_what, written, instead) => {
    const directory = await temporaryDirectory();
    const beat = join(directory, 'beat');
    const host = startHost(directory, false);
    host.submit(simpleRun({ test: 'true', build: beating(beat) }));
    await eventually(() => existsSync(beat));
    await host.kill();
    const file = join(directory, 'runs', 'a-run', 'state.json');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll(written, instead));

    const { observer } = await startEngine({ directory });

    expect(await isStill(beat)).toBe(true);
    expect(await observer.done('a-run')).toMatchObject({
      verdict: 'infrastructure',
      cause: { kind: 'infrastructure', reason: 'EngineRestarted', retry: false },
      steps: [
        { stage: 'test', state: 'succeeded', exitCode: 0 },
        { state: 'failed', finishedAt: expect.any(Date) },
      ],
    });
  });

  linux('leaves a run that somebody cancelled as cancelled', async () => {
    const directory = await temporaryDirectory();
    const beat = join(directory, 'beat');
    const host = startHost(directory, false);
    host.submit(simpleRun({ test: beating(beat) }));
    await eventually(() => existsSync(beat));
    host.cancel('a-run');
    const state = join(directory, 'runs', 'a-run', 'state.json');
    await eventually(async () => (await readFile(state, 'utf8')).includes('"cancelled"'));
    await host.kill();

    const { observer } = await startEngine({ directory });

    expect(await observer.done('a-run')).toMatchObject({
      verdict: 'cancelled',
      cause: { kind: 'cancelled', by: 'octocat', why: 'tired of it' },
    });
  });

  linux('leaves process ids that may be another’s by now: only the very same process is ended', async () => {
    const bystander = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' });
    children.push(bystander);
    const { engine, directory, observer } = await startEngine();
    await engine.submit(simpleRun({ test: 'true' }), {});
    await observer.done('a-run');
    await engine.close();
    const path = join(directory, 'runs', 'a-run', 'state.json');
    const state = JSON.parse(await readFile(path, 'utf8'));
    const startTime = await startTimeOf(bystander.pid!);
    const running = { phase: 'running', steps: state.status.steps, turns: [] };
    const restartWith = async (time: string) => {
      const processes = [{ step: 'ci.test', pid: bystander.pid, startTime: time }];
      await writeFile(path, JSON.stringify({ ...state, status: running, processes }));
      const next = await startEngine({ directory });
      await next.observer.done('a-run');
      await next.engine.close();
    };

    await restartWith(String(Number(startTime) - 1));
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();

    const exited = once(bystander, 'exit');
    await restartWith(startTime!);
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  linux('never leaves a step whose process is not on record', async () => {
    const directory = await temporaryDirectory();
    const host = startHost(directory, false);
    const beat = join(directory, 'beat');
    const state = join(directory, 'runs', 'a-run', 'state.json');
    host.submit(simpleRun({ test: `cat ${state} > ${beat}; exec sleep 100` }));
    await eventually(async () => existsSync(beat) && (await readFile(beat, 'utf8')) !== '');

    const [recorded] = JSON.parse(await readFile(beat, 'utf8')).processes;

    await eventually(async () => (await readFile(`/proc/${recorded.pid}/cmdline`, 'utf8')).includes('sleep'));
    expect(await startTimeOf(recorded.pid)).toBe(recorded.startTime);
    await host.kill();
    await startEngine({ directory });
  });
});

test('a thousand runs that have ended do not hold up a start', async () => {
  const { engine, directory, observer } = await startEngine();
  await engine.submit(simpleRun({ clone: 'true', test: 'true', build: 'true' }), {});
  await observer.done('a-run');
  await engine.close();
  const runs = join(directory, 'runs');
  const state = JSON.parse(await readFile(join(runs, 'a-run', 'state.json'), 'utf8'));
  for (let index = 0; index < 1000; index += 1) {
    const name = `run-${index}`;
    await mkdir(join(runs, name));
    await writeFile(join(runs, name, 'state.json'), JSON.stringify({ ...state, name, sequence: index + 2 }));
  }

  const began = performance.now();
  const next = await startEngine({ directory });
  const took = performance.now() - began;
  await next.observer.done('run-999');

  expect(took).toBeLessThan(3000);
  expect(next.observer.seen).toHaveLength(1001);
});
