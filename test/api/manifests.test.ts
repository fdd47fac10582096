import { beforeAll, expect, test } from '@jest/globals';
import { PIPELINE_RUNS, pathOf } from '../../src/tekton/resources.ts';
import { renderCases } from '../core/pipeline/render-cases.ts';
import { createWorld, type KubeObject, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

const RENDERED = renderCases().flatMap(({ name, render }) =>
  (['pod', 'tasks'] as const).flatMap((layout) =>
    render(layout).map((run) => {
      const pipelineRun: KubeObject = run.pipelineRun;
      return { title: `${name}, layout ${layout}: ${run.name}`, pipelineRun };
    }),
  ),
);

async function accept(path: string, body: object): Promise<void> {
  const query = { dryRun: 'All', fieldValidation: 'Strict' };
  await world.admin.request({ method: 'POST', path, query, body });
}

test.each(RENDERED)('the schemas accept $title', async ({ pipelineRun }) => {
  const { namespace } = world;
  await accept(pathOf(PIPELINE_RUNS, namespace), {
    ...pipelineRun,
    metadata: { ...pipelineRun.metadata, namespace },
  });

  // The schema of a PipelineRun keeps whatever is inside its pipelineSpec; that of a Pipeline and of a Task does not.
  const at = `/apis/tekton.dev/v1/namespaces/${namespace}`;
  const { pipelineSpec } = pipelineRun.spec;
  const parts = [...pipelineSpec.tasks, ...(pipelineSpec.finally ?? [])];
  await accept(`${at}/pipelines`, {
    apiVersion: 'tekton.dev/v1',
    kind: 'Pipeline',
    metadata: { name: 'p' },
    spec: pipelineSpec,
  });
  for (const { taskSpec } of parts) {
    if (taskSpec === undefined) continue;
    const spec = withMountPaths(taskSpec);
    await accept(`${at}/tasks`, { apiVersion: 'tekton.dev/v1', kind: 'Task', metadata: { name: 't' }, spec });
  }
});

/** The schema of a Task, unlike Tekton itself, wants a step to repeat where its workspaces are mounted. */
function withMountPaths(taskSpec: KubeObject): KubeObject {
  const steps = taskSpec.steps.map((step: KubeObject) => ({
    ...step,
    ...(step.workspaces && {
      workspaces: step.workspaces.map((workspace: object) => ({ mountPath: '/any', ...workspace })),
    }),
  }));
  return { ...taskSpec, steps };
}

test('a misspelt field would have been refused', async () => {
  const { pipelineRun } = RENDERED[0]!;
  const [task] = pipelineRun.spec.pipelineSpec.tasks;
  const { steps, ...rest } = withMountPaths(task.taskSpec);
  const spec = { ...rest, steps: [{ ...steps[0], imagePulPolicy: 'Always' }] };

  const refused = accept(`/apis/tekton.dev/v1/namespaces/${world.namespace}/tasks`, {
    apiVersion: 'tekton.dev/v1',
    kind: 'Task',
    metadata: { name: 't' },
    spec,
  });

  await expect(refused).rejects.toThrow('unknown field');
});
