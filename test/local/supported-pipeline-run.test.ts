import { describe, expect, test } from '@jest/globals';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';
import { UserError } from '../../src/core/user-error.ts';
import { refuseUnsupported } from '../../src/local/supported-pipeline-run.ts';
import { makeRun, step, task } from './fixture.ts';

const plain = makeRun({
  tasks: [
    task('first', [step('clone', 'true')], { taskSpec: { results: [{ name: 'commit' }] } }),
    task(
      'second',
      [step('test', 'echo $(tasks.first.results.commit)', { env: [{ name: 'A', value: 'a' }] })],
      {
        runAfter: ['first'],
        timeout: '1h0m0s',
        workspaces: [{ name: 'source', workspace: 'source' }],
        taskSpec: { workspaces: [{ name: 'source' }, { name: 'spare', optional: true }] },
      },
    ),
  ],
  workspaces: [
    { name: 'source', emptyDir: {} },
    { name: 'git', secret: { secretName: 'a-run-git' } },
  ],
  spec: {
    params: [{ name: 'x', value: '1' }],
    timeouts: { pipeline: '1h', tasks: '50m' },
    taskRunTemplate: { podTemplate: { automountServiceAccountToken: false, hostAliases: [] } },
    taskRunSpecs: [{ pipelineTaskName: 'first', serviceAccountName: 'ci' }],
  },
}).pipelineRun;

/** A copy with one thing changed, as the parsed JSON that a newer renderer might give. */
function changed(change: (copy: { set(path: string, value: unknown): void }) => void): PipelineRun {
  const copy = structuredClone(plain);
  change({
    set(path, value) {
      const keys = path.split('.');
      const last = keys.pop() ?? '';
      let at: object = copy;
      for (const key of keys) at = Reflect.get(at, key) as object;
      Reflect.set(at, last, value);
    },
  });
  return copy;
}

function refusal(pipelineRun: PipelineRun): string {
  try {
    refuseUnsupported(pipelineRun);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe('unsupported-by-local-engine');
    return (error as UserError).message;
  }
  return '';
}

const first = 'spec.pipelineSpec.tasks.0';
const second = 'spec.pipelineSpec.tasks.1';

describe('refuseUnsupported', () => {
  test('lets pass what clone, test and build need', () => {
    expect(refusal(plain)).toBe('');
  });

  test.each([
    ['spec.pipelineSpec.finally', [{}], 'spec.pipelineSpec.finally[0].name'],
    [
      'spec.pipelineSpec.finally',
      [{ name: 'last', runAfter: ['first'], taskSpec: {} }],
      'finally[last].runAfter',
    ],
    ['spec.pipelineRef', { name: 'x' }, 'spec.pipelineRef'],
    ['spec.status', 'PipelineRunPending', 'spec.status'],
    [`${first}.when`, [{ cel: 'true' }], 'tasks[first].when[0]'],
    [`${first}.matrix`, {}, 'spec.pipelineSpec.tasks[first].matrix'],
    [`${first}.retries`, -1, 'spec.pipelineSpec.tasks[first].retries'],
    [`${first}.onError`, 'ignore', 'spec.pipelineSpec.tasks[first].onError'],
    [`${first}.taskRef`, { name: 'x' }, 'spec.pipelineSpec.tasks[first].taskRef.kind'],
    [
      `${first}.taskSpec.sidecars`,
      [{ name: 'db', image: 'x', readinessProbe: { httpGet: {} } }],
      'sidecars[db].readinessProbe.httpGet',
    ],
    [`${first}.taskSpec.volumes`, [{ name: 'v', projected: {} }], 'taskSpec.volumes[v].projected'],
    [
      `${first}.taskSpec.stepTemplate`,
      { image: 'x' },
      'spec.pipelineSpec.tasks[first].taskSpec.stepTemplate.image',
    ],
    [`${first}.taskSpec.steps.0.ref`, {}, 'spec.pipelineSpec.tasks[first].taskSpec.steps[clone].ref'],
    [
      `${first}.taskSpec.steps.0.volumeMounts`,
      [{ name: 'v', mountPath: '/v' }],
      'task first mounts the volume v, which it does not have',
    ],
    [`${first}.taskSpec.steps.0.envFrom`, [], 'taskSpec.steps[clone].envFrom'],
    [`${first}.taskSpec.steps.0.results`, [], 'taskSpec.steps[clone].results'],
    [
      `${first}.taskSpec.steps.0.command`,
      ['true'],
      'step clone of task first has both a script and a command',
    ],
    [`${first}.taskSpec.steps.0.name`, '../x', 'name must be a DNS label'],
    [`${first}.taskSpec.steps.0.timeout`, 'soon', 'timeout must be a Go duration'],
    [`${first}.taskSpec.steps.0.script`, 'a\0b', 'script must not contain NUL'],
    [`${first}.taskSpec.results.0.name`, '..', 'results[..].name must be a plain name'],
    [`${first}.taskSpec.results.0.type`, 'array', 'results[commit].type'],
    [`${second}.taskSpec.steps.0.env.0.name`, 'a-b', 'env[a-b].name must be a name that a shell takes'],
    [`${second}.taskSpec.steps.0.env.0.valueFrom`, { fieldRef: {} }, 'env[A].valueFrom'],
    [`${second}.runAfter`, ['nobody'], 'task second waits for nobody, which is no task'],
    [`${second}.runAfter`, ['second'], 'task second waits for itself'],
    [`${second}.name`, 'first', 'two tasks are named first'],
    [`${second}.taskSpec.workspaces`, [{ name: 'other' }], 'task second needs the workspace other'],
    [`${second}.taskSpec.steps.0.args`, ['$(steps.a.results.b)'], 'task second names steps.a.results.b'],
    [
      `${second}.workspaces.0.workspace`,
      'nowhere',
      'task second uses the workspace nowhere, which is not bound',
    ],
    ['spec.params.0.value', ['a', 'b'], 'spec.params[x].value'],
    ['spec.workspaces.0', { name: 'source', persistentVolumeClaim: {} }, 'spec.workspaces[source]'],
    ['spec.workspaces.0.subPath', '../x', 'spec.workspaces[source].subPath'],
    ['spec.workspaces.1.secret.secretName', '../../etc', 'spec.workspaces[git]'],
    ['metadata.name', '../x', 'metadata.name must be a DNS label'],
    ['kind', 'TaskRun', 'kind'],
  ])('refuses %s = %j by name', (path, value, expected) => {
    expect(refusal(changed(({ set }) => set(path, value)))).toContain(expected);
  });

  test('names everything at once', () => {
    const message = refusal(
      changed(({ set }) => {
        set(`${first}.taskSpec.sidecars`, [{}]);
        set('spec.pipelineSpec.finally', [{}]);
      }),
    );

    expect(message).toContain('sidecars');
    expect(message).toContain('finally');
  });

  test('finds a circle of tasks, also one made by results', () => {
    const circle = makeRun({
      tasks: [
        task('a', [step('clone', 'echo $(tasks.c.results.x)')], { taskSpec: { results: [{ name: 'x' }] } }),
        task('b', [step('test', 'true')], { runAfter: ['a'] }),
        task('c', [step('build', 'true')], { runAfter: ['b'], taskSpec: { results: [{ name: 'x' }] } }),
        task('d', [step('deploy', 'true')]),
      ],
    }).pipelineRun;

    const message = refusal(circle);

    for (const name of ['a', 'b', 'c']) expect(message).toContain(`task ${name} waits for itself`);
    expect(message).not.toContain('task d');
  });
});
