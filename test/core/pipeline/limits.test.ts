import { describe, expect, test } from '@jest/globals';
import { checkLimits } from '../../../src/core/pipeline/limits.ts';
import type { PipelineRun, TaskStep } from '../../../src/core/pipeline/pipeline-run.ts';
import { renderRun } from '../../../src/core/pipeline/render-run.ts';
import type { Run } from '../../../src/core/pipeline/run.ts';
import { UserError } from '../../../src/core/user-error.ts';
import { stage } from '../plan/examples.ts';
import { embeddedTasks, renderInput } from './examples.ts';

const KIB = 1024;
const RUN = renderRun(renderInput());

/** The run with other steps in its one task. */
function withSteps(steps: readonly TaskStep[], annotations: Record<string, string> = {}): Run {
  const { spec, metadata } = RUN.pipelineRun;
  const [task] = embeddedTasks(RUN);
  const tasks = [{ ...task!, taskSpec: { ...task!.taskSpec, steps } }];
  const pipelineRun: PipelineRun = {
    ...RUN.pipelineRun,
    metadata: { ...metadata, annotations },
    spec: { ...spec, pipelineSpec: { ...spec.pipelineSpec, tasks } },
  };
  return { ...RUN, pipelineRun };
}

function refusal(run: Run): string | null {
  try {
    checkLimits(run);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe('run-too-large');
    return (error as UserError).message;
  }
}

describe('a run that Tekton or Kubernetes could not carry is refused', () => {
  test('an ordinary one is not', () => {
    expect(refusal(RUN)).toBeNull();
  });

  test('scripts of one task may have 90 KiB together', () => {
    const steps = (bytes: number) => [
      { name: 'a', image: 'a', script: 'x'.repeat(40 * KIB) },
      { name: 'b', image: 'a', script: 'x'.repeat(bytes) },
      { name: 'c', image: 'a', command: ['true'] },
    ];

    expect(refusal(withSteps(steps(50 * KIB)))).toBeNull();
    expect(refusal(withSteps(steps(50 * KIB + 1)))).toBe(
      'Too large: the scripts of task ci, 91 KiB of at most 90 KiB; move long commands into a script of the repository',
    );
  });

  test('the value of a variable may have 120 KiB, counted in bytes', () => {
    const steps = (value: string) => [
      { name: 'a', image: 'a', env: [{ name: 'CI' }, { name: 'LONG', value }] },
    ];

    expect(refusal(withSteps(steps('é'.repeat(60 * KIB))))).toBeNull();
    expect(refusal(withSteps(steps(`${'é'.repeat(60 * KIB)}x`)))).toMatch(
      /^Too large: the value of LONG in a, 121 KiB of at most 120 KiB;/,
    );
  });

  test('the spec counts twice, with the annotations, up to 1 MiB', () => {
    const env = Array.from({ length: 4 }, (_, index) => ({
      name: `LONG_${index}`,
      value: 'x'.repeat(100 * KIB),
    }));
    const size = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;
    const bare = withSteps([{ name: 'a', image: 'a', env }]);
    const room = KIB * KIB - 2 * size(bare.pipelineRun.spec) - size({ note: '' });
    const filled = (bytes: number) =>
      withSteps([{ name: 'a', image: 'a', env }], { note: 'x'.repeat(bytes) });

    expect(refusal(filled(room))).toBeNull();
    expect(refusal(filled(room + 1))).toMatch(
      /^Too large: the rendered PipelineRun, counted twice, 1025 KiB of at most 1024 KiB;/,
    );
  });

  test('results must fit into what the kubelet keeps of each container', () => {
    const services = Array.from({ length: 10 }, (_, index) => ({
      name: `s${index}`,
      image: 'redis',
      env: {},
    }));
    const url = (length: number) => `https://github.com/${'a'.repeat(length)}`;

    expect(() => renderRun(renderInput({ services }, { cloneUrl: url(300) }))).not.toThrow();
    expect(() => renderRun(renderInput({ services }, { cloneUrl: url(600) }))).toThrow(
      /^Too large: the results of task ci, \d+ bytes of at most 819; use fewer services, or shorter addresses$/,
    );
    expect(() => renderRun(renderInput({}, { cloneUrl: url(600) }))).not.toThrow();
  });

  test('the variables of a service are counted too', () => {
    const services = [{ name: 'db', image: 'postgres', env: { LONG: 'x'.repeat(121 * KIB) } }];

    expect(() => renderRun(renderInput({ services }))).toThrow('Too large: the value of LONG in db');
  });

  test('rendering itself refuses it', () => {
    const input = renderInput({ tests: [{ ...stage(), commands: ['x'.repeat(120 * KIB + 1)] }] });

    expect(() => renderRun(input)).toThrow('Too large: command 1 of test, 121 KiB of at most 120 KiB');
  });
});
