import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TaskStep } from '../../src/core/pipeline/pipeline-run.ts';
import { IMAGE_BUILDER, RESTRICTED } from '../../src/core/pipeline/security.ts';
import { createContainerRuntime } from '../../src/local/container-runtime.ts';
import {
  eventually,
  makeRun,
  readLog,
  startEngine,
  step,
  task,
  temporaryDirectory,
} from '../local/fixture.ts';
import { containersOf, environment, IMAGE, makeImages, SHELL_LESS } from './podman.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

beforeAll(makeImages);

async function startPodman(directory?: string) {
  const data = directory ?? (await temporaryDirectory());
  const runtime = createContainerRuntime({ command: 'podman', environment, directory: data });
  return startEngine({ directory: data, runtime });
}

function own(name: string, script: string, more: Partial<TaskStep> = {}): TaskStep {
  return step(name, script, { image: IMAGE, imagePullPolicy: 'Never', ...more });
}

const SLEEP = 'trap "" TERM; while :; do sleep 1; done';

describe('a run in containers', () => {
  test('has its service as localhost and by name, its claim, its secret and Tekton’s folders', async () => {
    const { engine, observer, directory } = await startPodman();
    await mkdir(join(directory, 'secrets', 'npm'), { recursive: true });
    await writeFile(join(directory, 'secrets', 'npm', 'token'), 'two\nlines $(A)');
    const look = [
      'echo "$(workspaces.source.path) $(results.commit.path) $PWD"',
      'nc 127.0.0.1 4711 </dev/null; nc db 4711 </dev/null',
      'printf "%s\\n" "$NPM_TOKEN"; ls /mnt/npm; cat /mnt/npm/token; echo',
      'touch "$(workspaces.cache.path)/kept"; printf %s done > $(results.commit.path)',
    ];
    const run = makeRun({
      tasks: [
        task(
          'ci',
          [
            own('test', look.join('\n'), {
              workingDir: '$(workspaces.source.path)/made',
              env: [{ name: 'NPM_TOKEN', valueFrom: { secretKeyRef: { name: 'npm', key: 'token' } } }],
              volumeMounts: [{ name: 'npm', mountPath: '/mnt/npm', readOnly: true }],
            }),
            own('build', 'ls $(workspaces.cache.path); nc -w 1 nowhere 1 || echo alone'),
          ],
          {
            workspaces: [
              { name: 'source', workspace: 'source' },
              { name: 'cache', workspace: 'cache', subPath: 'acme/api/trusted' },
            ],
            taskSpec: {
              workspaces: [{ name: 'source' }, { name: 'cache' }],
              results: [{ name: 'commit' }],
              volumes: [{ name: 'npm', secret: { secretName: 'npm' } }],
              sidecars: [
                {
                  name: 'db',
                  image: IMAGE,
                  imagePullPolicy: 'Never',
                  script: 'echo serving; exec nc -ll -p 4711 -e echo hello from the service',
                  readinessProbe: { tcpSocket: { port: 4711 } },
                },
              ],
            },
          },
        ),
      ],
      workspaces: [
        { name: 'source', emptyDir: {} },
        { name: 'cache', persistentVolumeClaim: { claimName: 'ci-cache' } },
      ],
      results: [{ name: 'IMAGE_URL', value: '$(tasks.ci.results.commit)' }],
    });

    await engine.submit(run, {});
    const done = await observer.done('a-run');

    const output = await readLog(engine, 'a-run', { stage: 'test' });
    expect(output).toBe(
      '/workspace/source /tekton/results/commit /workspace/source/made\n' +
        'hello from the service\nhello from the service\ntwo\nlines $(A)\ntoken\ntwo\nlines $(A)\n',
    );
    expect(done).toMatchObject({ verdict: 'succeeded', results: { imageUrl: 'done' } });
    expect(await readLog(engine, 'a-run', { stage: 'build' })).toContain('kept\n');
    expect(await readFile(join(directory, 'claims/ci-cache/acme/api/trusted/kept'), 'utf8')).toBe('');
    const log = join(directory, 'runs', 'a-run', 'logs', 'ci.service.db.log');
    expect(await readFile(log, 'utf8')).toContain('serving\n');
    expect(containersOf(directory)).toEqual([]);
  });

  test('gets every value byte for byte, and nothing of the server’s environment', async () => {
    const { engine, observer } = await startPodman();
    const hostile = [
      '$(touch /pwned)',
      '`touch /pwned`',
      '--privileged',
      ' a\n\tb ',
      '\'"\\',
      'é\u{1f600}',
      '-e X=1',
    ];
    const run = makeRun({
      tasks: [
        task('ci', [
          { name: 'clone', image: IMAGE, imagePullPolicy: 'Never', args: ['%s|', ...hostile] },
          own('test', 'for name in 0 1 2 3 4 5 6; do eval "printf \'%s|\' \\"\\$V_$name\\""; done', {
            env: hostile.map((value, index) => ({ name: `V_${index}`, value })),
          }),
          own(
            'build',
            'env | grep -v "^\\(PATH\\|HOME\\|HOSTNAME\\|TERM\\|container\\|PWD\\|SHLVL\\|_\\)=" || echo none',
          ),
        ]),
      ],
    });

    await engine.submit(run, {});
    await observer.done('a-run');

    const expected = hostile.map((value) => `${value}|`).join('');
    expect(await readLog(engine, 'a-run', { stage: 'clone' })).toBe(expected);
    expect(await readLog(engine, 'a-run', { stage: 'test' })).toBe(expected);
    expect(await readLog(engine, 'a-run', { stage: 'build' })).toBe('none\n');
  });

  test('builds an image as kaniko does: as root, without a shell, with the registry’s secret for that step alone', async () => {
    const { engine, observer, directory } = await startPodman();
    await mkdir(join(directory, 'secrets', 'registry'), { recursive: true });
    await writeFile(join(directory, 'secrets', 'registry', 'config.json'), '{"auths":{}}');
    await writeFile(join(directory, 'secrets', 'registry', 'other'), 'not mounted');
    const nobody = { ...RESTRICTED, runAsUser: 65_534, runAsGroup: 65_534 };
    const build = (name: string, command: readonly string[], args: readonly string[]): TaskStep => ({
      name,
      image: SHELL_LESS,
      imagePullPolicy: 'Never',
      command,
      args,
      securityContext: IMAGE_BUILDER,
      env: [{ name: 'DOCKER_CONFIG', value: '/kaniko/.docker' }],
      volumeMounts: [{ name: 'dockerconfig', mountPath: '/kaniko/.docker', readOnly: true }],
    });
    const workspace = '$(workspaces.source.path)';
    const ci = task(
      'ci',
      [
        own('clone', `id -u; printf sha256:1 > ${workspace}/digest; ls /kaniko || :`, {
          securityContext: nobody,
        }),
        build('build', ['/kaniko/cat'], ['$(DOCKER_CONFIG)/config.json', '/kaniko/.docker/other']),
        build('image', ['/kaniko/cp'], [`${workspace}/digest`, '$(results.IMAGE_DIGEST.path)']),
      ],
      {
        workspaces: [{ name: 'source', workspace: 'source' }],
        taskSpec: {
          workspaces: [{ name: 'source' }],
          results: [{ name: 'IMAGE_DIGEST' }],
          volumes: [
            {
              name: 'dockerconfig',
              secret: { secretName: 'registry', items: [{ key: 'config.json', path: 'config.json' }] },
            },
          ],
        },
      },
    );
    const steps = ci.taskSpec.steps.map((one) =>
      one.name === 'build' ? { ...one, onError: 'continue' as const } : one,
    );

    await engine.submit(
      makeRun({
        tasks: [{ ...ci, taskSpec: { ...ci.taskSpec, steps } }],
        workspaces: [{ name: 'source', emptyDir: {} }],
        results: [{ name: 'IMAGE_DIGEST', value: '$(tasks.ci.results.IMAGE_DIGEST)' }],
      }),
      {},
    );
    const done = await observer.done('a-run');

    expect(await readLog(engine, 'a-run', { stage: 'clone' })).toBe(
      '65534\nls: /kaniko: No such file or directory\n',
    );
    const read = await readLog(engine, 'a-run', { stage: 'build' });
    expect(read).toContain('{"auths":{}}');
    expect(read).toContain("can't open '/kaniko/.docker/other'");
    expect(done).toMatchObject({ verdict: 'succeeded', results: { imageDigest: 'sha256:1' } });
  });

  test('fails with 137 and says why when it uses more memory than its limit', async () => {
    const { engine, observer } = await startPodman();
    const greedy = own('test', 'x=$(head -c 100000000 /dev/zero | tr "\\0" a); echo survived', {
      computeResources: { limits: { memory: '32Mi' } },
    });

    await engine.submit(makeRun({ tasks: [task('ci', [greedy])] }), {});
    const done = await observer.done('a-run');

    expect(done.cause).toEqual({ kind: 'step', step: { stage: 'test' }, exitCode: 137 });
    expect(await readLog(engine, 'a-run', { stage: 'test' })).toContain('memory limit of 32Mi');
  });

  test('tells of a service that ended before its steps did', async () => {
    const { engine, observer } = await startPodman();
    const sidecars = [
      {
        name: 'db',
        image: IMAGE,
        imagePullPolicy: 'Never',
        script: 'echo no space left; exit 3',
        readinessProbe: { exec: { command: ['true'] } },
      },
    ];

    await engine.submit(
      makeRun({ tasks: [task('ci', [own('test', 'echo ran')], { taskSpec: { sidecars } })] }),
      {},
    );
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('succeeded');
    expect(await readLog(engine, 'a-run', { stage: 'test' })).toBe(
      'ran\ntekton-ci: the service db ended before the steps did, with exit code 3:\ntekton-ci: no space left\n',
    );
  });

  test.each(['step', 'service'])('is not blamed for a %s that podman could not start', async (which) => {
    const { engine, observer } = await startPodman();
    const broken = { image: IMAGE, imagePullPolicy: 'Never', script: 'true', workingDir: '/proc/nowhere' };
    const [work, sidecars] =
      which === 'step'
        ? [broken, []]
        : [{}, [{ name: 'db', ...broken, readinessProbe: { tcpSocket: { port: 1 } } }]];

    await engine.submit(
      makeRun({ tasks: [task('ci', [own('test', 'true', work)], { taskSpec: { sidecars } })] }),
      {},
    );
    const done = await observer.done('a-run');

    expect(done.cause).toMatchObject({
      kind: 'infrastructure',
      reason: 'StartError',
      detail: expect.stringMatching(/did not start: .*nowhere/),
    });
  });

  test('says which image is not there', async () => {
    const { engine, observer } = await startPodman();
    const absent = own('test', 'true', { image: 'localhost/nobody/nothing:1' });

    await engine.submit(makeRun({ tasks: [task('ci', [absent])] }), {});
    const done = await observer.done('a-run');

    expect(done.cause).toMatchObject({
      kind: 'infrastructure',
      reason: 'ErrImageNeverPull',
      detail: expect.stringContaining('localhost/nobody/nothing:1'),
    });
  });

  test('that is cancelled leaves no container behind', async () => {
    const { engine, observer, directory } = await startPodman();
    const sidecars = [{ name: 'db', image: IMAGE, imagePullPolicy: 'Never', script: SLEEP }];
    await engine.submit(
      makeRun({ tasks: [task('ci', [own('test', `echo started; ${SLEEP}`)], { taskSpec: { sidecars } })] }),
      {},
    );
    const log = join(directory, 'runs', 'a-run', 'logs', 'ci.test.log');
    await eventually(async () => (await readFile(log, 'utf8').catch(() => '')).includes('started'));
    expect(containersOf(directory)).toHaveLength(3);

    await engine.cancel('a-run', 'octocat', 'tired');
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('cancelled');
    await eventually(() => containersOf(directory).length === 0);
  });
});

describe('an engine that was ended without warning', () => {
  test('leaves containers that the next one removes, and a run that begins anew', async () => {
    const directory = await temporaryDirectory();
    const program = join(import.meta.dirname, '../local/engine-process.ts');
    const child = spawn(process.execPath, [program, directory, environment.PATH, 'podman'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    children.push(child);
    const sidecars = [{ name: 'db', image: IMAGE, imagePullPolicy: 'Never', script: SLEEP }];
    const marks = '$(workspaces.marks.path)';
    const onceEndless = `if [ -e ${marks}/been ]; then exit 0; fi; touch ${marks}/been; echo started; ${SLEEP}`;
    const run = makeRun({
      tasks: [
        task('ci', [own('test', onceEndless)], {
          workspaces: [{ name: 'marks', workspace: 'marks' }],
          taskSpec: { workspaces: [{ name: 'marks' }], sidecars },
        }),
      ],
      workspaces: [{ name: 'marks', persistentVolumeClaim: { claimName: 'marks' } }],
    });
    child.stdin!.write(`${JSON.stringify({ run })}\n`);
    const log = join(directory, 'runs', 'a-run', 'logs', 'ci.test.log');
    await eventually(async () => (await readFile(log, 'utf8').catch(() => '')).includes('started'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = containersOf(directory);
    expect(left).toHaveLength(3);

    const { observer } = await startPodman(directory);

    expect(containersOf(directory).filter((container) => left.includes(container))).toEqual([]);
    expect(await observer.done('a-run')).toMatchObject({ verdict: 'succeeded' });
    await eventually(() => containersOf(directory).length === 0);
  });
});
