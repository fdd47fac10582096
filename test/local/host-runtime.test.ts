import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DOLLAR, foreign } from '../../src/core/pipeline/env.ts';
import type { EnvVar } from '../../src/core/pipeline/pipeline-run.ts';
import { findPidNamespace } from '../../src/local/pid-namespace.ts';
import {
  anyText,
  eventually,
  makeRun,
  PATH,
  readOutput,
  simpleRun,
  startEngine,
  step,
  task,
} from './fixture.ts';

const linux = process.platform === 'linux' ? test : test.skip;
const whereNamespaces = (await findPidNamespace()).length > 0 ? test : test.skip;

/** Of the processes of this machine, those whose command line holds the text. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.includes(text) ? [pid] : [];
    }),
  );
  return found.flat();
}

let marks = 0;
/** A number of seconds that no other process sleeps. */
function mark(): string {
  marks += 1;
  return `${100_000 + process.pid}.${marks}`;
}

describe('a step on the host', () => {
  test('has no environment but its own and the least that programs need', async () => {
    process.env.TEKTON_CI_TEST_LEAK = 'leaked';
    const { engine, observer, directory } = await startEngine();
    const env = [DOLLAR, foreign('MINE', 'a $(b) c')];

    await engine.submit(makeRun({ tasks: [task('ci', [step('test', 'env', { env })])] }), {});
    await observer.done('a-run');
    delete process.env.TEKTON_CI_TEST_LEAK;

    const lines = (await readOutput(engine, 'a-run', { stage: 'test' })).trim().split('\n');
    const root = `${directory}/runs/a-run/tasks/ci`;
    // What a shell adds of its own accord.
    const own = lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(own.sort()).toEqual(
      [
        `HOME=${root}/home`,
        'LANG=C.UTF-8',
        'MINE=a $(b) c',
        `PATH=${PATH}`,
        'TEKTON_CI_DOLLAR=$',
        `TMPDIR=${root}/tmp`,
        'TZ=UTC',
      ].sort(),
    );
  });

  linux('has no open files but the null device and its log', async () => {
    const { engine, observer, directory } = await startEngine();

    await engine.submit(
      simpleRun({ test: 'cd /proc/$$/fd; for fd in *; do printf "$fd "; readlink $fd; done' }),
      {},
    );
    await observer.done('a-run');

    const files = (await readOutput(engine, 'a-run', { stage: 'test' })).trim().split('\n');
    const log = `${directory}/runs/a-run/logs/ci.test.log`;
    // Who started this process may have left it files to inherit; those are not the engine's to close.
    const inherited = files.filter((line) => {
      const [fd = '', target] = line.split(' ');
      try {
        return Number(fd) > 2 && readlinkSync(`/proc/self/fd/${fd}`) === target;
      } catch {
        return false;
      }
    });
    const script = `${directory}/runs/a-run/tasks/ci/scripts/test`;
    // The listing itself had the folder open, and the shell its script.
    const own = (line: string) => !/^\d+ ./.test(line) || line.endsWith(` ${script}`);
    const rest = files.filter((line) => !inherited.includes(line) && !own(line));
    expect(rest).toEqual(['0 /dev/null', `1 ${log}`, `2 ${log}`]);
  });

  whereNamespaces('sees no process but its own', async () => {
    const { engine, observer } = await startEngine();

    await engine.submit(
      simpleRun({ test: 'echo /proc/[0-9]* | wc -w; [ $$ != 1 ] && echo not the first' }),
      {},
    );
    await observer.done('a-run');

    const [count, first] = (await readOutput(engine, 'a-run', { stage: 'test' })).split('\n');
    expect(Number(count)).toBeLessThan(6);
    expect(first).toBe('not the first');
  });

  test('gets every value byte for byte', async () => {
    const { engine, observer } = await startEngine();
    const parts = [
      '$',
      '$$',
      '$(',
      '$(params.x)',
      '$$(params.x)',
      '$(workspaces.source.path)',
      '`id`',
      '\n',
      '\t',
      "'",
      '"',
    ];
    const values = [
      ...fc.sample(anyText(), { numRuns: 120, seed: 1 }),
      ...fc
        .sample(
          fc.array(fc.constantFrom(...parts, '$(TEKTON_CI_DOLLAR)', '\\', '=', 'é', '$(touch /pwned)'), {
            maxLength: 12,
          }),
          { numRuns: 120, seed: 2 },
        )
        .map((pieces) => pieces.join('')),
      '$(params.x) `'.repeat(800),
      '\n',
      '',
    ].map((value) => value.replaceAll('\0', ''));
    const env: EnvVar[] = [DOLLAR, ...values.map((value, index) => foreign(`V${index}`, value))];
    const print = `for i in $(seq 0 ${values.length - 1}); do eval "printf '%s\\0' \\"\\$V$i\\""; done`;
    const run = makeRun({
      tasks: [
        task(
          'ci',
          [
            step('test', print, { env }),
            step('build', `printf '%s\\0' "$@"`, {
              env: [DOLLAR],
              args: values.map((value) => foreign('', value).value ?? ''),
            }),
          ],
          {
            workspaces: [{ name: 'source', workspace: 'source' }],
            taskSpec: { workspaces: [{ name: 'source' }] },
          },
        ),
      ],
      workspaces: [{ name: 'source', emptyDir: {} }],
      spec: { params: [{ name: 'x', value: 'pasted' }] },
    });

    await engine.submit(run, {});
    await observer.done('a-run');

    // A lone surrogate has no bytes of its own: what arrives is what UTF-8 makes of it.
    const expected = values.map((value) => Buffer.from(value).toString());
    expect((await readOutput(engine, 'a-run', { stage: 'test' })).split('\0').slice(0, -1)).toEqual(expected);
    expect((await readOutput(engine, 'a-run', { stage: 'build' })).split('\0').slice(0, -1)).toEqual(
      expected,
    );
  });

  test('sees a secret workspace only when it names it, and only while it runs', async () => {
    const { engine, observer, directory } = await startEngine();
    const at = '$(workspaces.git-credentials.path)';
    const look = `ls ${at} 2>/dev/null || echo hidden; grep -rl --exclude-dir=logs s3c[r]et ${directory} || echo nowhere`;
    const show = `stat -c '%a %n' ${at} ${at}/*; cat ${at}/token; echo; cat ${at}/url; pwd`;
    const run = makeRun({
      tasks: [
        task('ci', [step('clone', show, { workspaces: [{ name: 'git-credentials' }] }), step('test', look)], {
          workspaces: [{ name: 'git-credentials', workspace: 'git-credentials' }],
          taskSpec: { workspaces: [{ name: 'git-credentials' }] },
        }),
      ],
      workspaces: [{ name: 'git-credentials', secret: { secretName: 'a-run-git' } }],
    });
    const git = { url: 'https://github.com/acme/api.git', token: 's3cret', expiresAt: new Date() };

    await engine.submit(run, { git });
    await observer.done('a-run');

    const root = `${directory}/runs/a-run`;
    const secret = `${root}/tasks/ci/workspaces/git-credentials`;
    expect(await readOutput(engine, 'a-run', { stage: 'clone' })).toBe(
      `700 ${secret}\n400 ${secret}/token\n400 ${secret}/url\ns3cret\n${git.url}${root}/tasks/ci\n`,
    );
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toBe('hidden\nnowhere\n');
    await eventually(async () => (await readdir(root)).sort().join() === 'logs,pipeline-run.json,state.json');
    expect(readFileSync(`${root}/pipeline-run.json`, 'utf8')).not.toContain('s3cret');
    expect(readFileSync(`${root}/state.json`, 'utf8')).not.toContain('s3cret');
  });

  test.each([
    ['a workspace', 'there is no secret npm'],
    ['a variable', 'there is no secret npm'],
  ])('that needs a missing secret for %s ends the run', async (kind, detail) => {
    const { engine, observer } = await startEngine();
    const env = [{ name: 'NPM', valueFrom: { secretKeyRef: { name: 'npm', key: 'token' } } }];
    const named = kind === 'a workspace';
    const run = makeRun({
      tasks: [
        task('ci', [step('test', 'true', named ? {} : { env })], {
          ...(named ? { workspaces: [{ name: 'npm', workspace: 'npm' }] } : {}),
          taskSpec: named ? { workspaces: [{ name: 'npm' }] } : {},
        }),
      ],
      workspaces: [{ name: 'npm', secret: { secretName: 'npm' } }],
    });

    await engine.submit(run, {});
    const done = await observer.done('a-run');

    expect(done.cause).toEqual({
      kind: 'infrastructure',
      reason: 'CreateContainerConfigError',
      detail,
      retry: false,
    });
  });

  linux.each([true, false])('ends with what it started in its group (namespaces: %s)', async (namespaces) => {
    const { engine, observer } = await startEngine({ host: { namespaces } });
    const seconds = mark();

    await engine.submit(simpleRun({ test: `sleep ${seconds} & echo started` }), {});
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('succeeded');
    await eventually(async () => (await processesWith(seconds)).length === 0);
  });

  whereNamespaces('ends with what it started outside of its group', async () => {
    const { engine, observer } = await startEngine();
    const seconds = mark();

    await engine.submit(simpleRun({ test: `setsid sleep ${seconds} & echo started` }), {});
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('succeeded');
    await eventually(async () => (await processesWith(seconds)).length === 0);
  });

  linux('does not wait for a grandchild that left its group and holds the log', async () => {
    const { engine, observer } = await startEngine({ host: { namespaces: false } });

    await engine.submit(simpleRun({ test: `setsid sleep 3 & echo started` }), {});
    const done = await observer.done('a-run');

    const [first] = done.steps;
    expect(first!.finishedAt!.getTime() - first!.startedAt!.getTime()).toBeLessThan(2000);
  });
});

describe('the host runtime', () => {
  test.each([
    ['image', 'the stage image needs containers'],
    ['deploy', 'the stage deploy needs containers'],
  ] as const)('refuses the stage %s by name', async (stage, why) => {
    const { engine, observer } = await startEngine();

    await expect(engine.submit(simpleRun({ clone: 'true', [stage]: 'true' }), {})).rejects.toMatchObject({
      code: 'unsupported-by-runtime',
      message: `This machine cannot run it by itself: step ${stage} of task ci: ${why}.`,
    });
    expect(observer.seen).toEqual([]);
  });

  test('refuses a step that relies on its image’s entrypoint', async () => {
    const { engine } = await startEngine();
    const run = makeRun({ tasks: [task('ci', [{ name: 'test', image: 'x', args: ['--help'] }])] });

    await expect(engine.submit(run, {})).rejects.toThrow(
      'step test of task ci: it has neither a script nor a command',
    );
  });
});
