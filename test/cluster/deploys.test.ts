import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './kubernetes.ts';
import { goService, imageOf, nodeService } from './projects.ts';
import { digestOf } from './registry.ts';
import { LAYOUTS, startWorld, type World } from './world.ts';

const STAGES = ['clone', 'test', 'build', 'image', 'deploy'];

describe.each(LAYOUTS)('in the layout %s, a push', (layout) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ layout });
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  test.each([
    { name: 'go', files: goService },
    { name: 'node', files: nodeService },
  ])(
    'to the private $name example ends as a pod that runs the image of exactly that digest',
    async ({ name, files }) => {
      const repository = await world.repository(name);

      const { sha } = await world.github.pushFiles(repository, { files: files(world), branch: 'main' });
      const check = await world.verdict({ repository, sha });

      expect(check).toMatchObject({ conclusion: 'success', title: expect.stringMatching(/^Succeeded/) });
      for (const stage of STAGES)
        expect(check.summary).toMatch(new RegExp(`\\| ${stage}.* \\| ✅ succeeded`));
      const digest = await digestOf(imageOf(world, name), sha);
      expect(check.summary).toContain(digest);
      const pod = await runningPod(world, name);
      expect(pod.status.containerStatuses[0].imageID).toContain(digest);
      expect(pod.spec.containers[0].image).toBe(`${imageOf(world, name)}@${digest}`);
      await removeRuns(world);
      await eventually(
        'the tokens to go with their runs',
        async () => (await leftSecrets(world)).length === 0,
      );
    },
  );
});

async function runningPod({ kubernetes, at }: World, release: string) {
  return eventually(`a ready pod of ${release}`, async () => {
    const pods = await kubernetes.list(at('v1/pods'), { labelSelector: `service=${release}` });
    return pods.find(({ status }) => status.containerStatuses?.[0]?.ready);
  });
}

async function removeRuns({ kubernetes, at }: World): Promise<void> {
  for (const { metadata } of await kubernetes.list(at('tekton.dev/v1/pipelineruns')))
    await kubernetes.remove(at('tekton.dev/v1/pipelineruns', metadata.name));
}

/** Tokens that outlive their runs. */
async function leftSecrets({ kubernetes, at }: World): Promise<string[]> {
  const secrets = await kubernetes.list(at('v1/secrets'), { fieldSelector: 'type!=helm.sh/release.v1' });
  return secrets.map(({ metadata }) => metadata.name);
}
