import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedRepository } from '../github/repositories.ts';
import { eventually, type KubeObject } from './kubernetes.ts';
import { chart } from './projects.ts';
import { LAYOUTS, startWorld, type World } from './world.ts';

/** Nothing but a deploy, of a chart whose version tells which commit it is of. */
function deploying(world: World, version: number, ready = 'test -e /tmp/ready'): Record<string, string> {
  const { shell } = world.settings;
  return {
    '.tekton-ci.yml': `use: ${shell}\ntest: echo fine\ndeploy: { chart: ./helm, timeout: 90s }\n`,
    ...chart({ image: shell, command: ['sh', '-c', 'sleep 5; touch /tmp/ready; exec sleep 86400'], ready }),
    'helm/Chart.yaml': `apiVersion: v2\nname: service\nversion: 0.0.${version}\n`,
  };
}

describe.each(LAYOUTS)('in the layout %s', (layout) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ layout });
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  async function push(repository: CreatedRepository, version: number, ready?: string) {
    const files = deploying(world, version, ready);
    return { repository, ...(await world.github.pushFiles(repository, { files, branch: 'main' })) };
  }

  test('a deploy that fails is rolled back, and the next one works', async () => {
    const repository = await world.repository('rolled');
    const first = await push(repository, 1);
    expect(await world.verdict(first)).toMatchObject({ conclusion: 'success' });

    const second = await push(repository, 2, 'false');
    const failed = await world.verdict(second);

    expect(failed).toMatchObject({
      conclusion: 'failure',
      title: expect.stringMatching(/^deploy production failed: release rolled: pod rolled-\S+ is not ready$/),
      summary: expect.stringMatching(/pod rolled-\S+: Running, 0\/1 ready, \d+ restarts/),
    });
    expect(await releases(world, 'rolled')).toEqual([
      { revision: 1, version: '0.0.1', status: 'superseded' },
      { revision: 2, version: '0.0.2', status: 'failed' },
      { revision: 3, version: '0.0.1', status: 'deployed' },
    ]);
    const third = await push(repository, 3);
    expect(await world.verdict(third)).toMatchObject({ conclusion: 'success' });
    expect((await releases(world, 'rolled')).at(-1)).toEqual({
      revision: 4,
      version: '0.0.3',
      status: 'deployed',
    });
  });

  test('two deploys to one target go one after the other, and never an older commit after a newer one', async () => {
    const repository = await world.repository('raced');
    const first = await push(repository, 1);
    await eventually('the first deploy', async () => (await releases(world, 'raced')).length === 1, 120);
    const second = await push(repository, 2);
    const third = await push(repository, 3);

    for (const pushed of [first, second, third]) {
      expect(await world.verdict(pushed)).toMatchObject({ conclusion: 'success' });
    }
    const versions = (await releases(world, 'raced')).map(({ version }) => version);
    expect(versions).toEqual([...versions].sort());
    expect(versions.at(0)).toBe('0.0.1');
    expect(versions.at(-1)).toBe('0.0.3');
    expect((await releases(world, 'raced')).map(({ status }) => status)).toEqual([
      ...versions.slice(1).map(() => 'superseded'),
      'deployed',
    ]);
    await expectNoOverlap(world, 'raced');
  });
});

interface Release {
  readonly revision: number;
  /** Of the chart. */
  readonly version: string;
  readonly status: string;
}

/** What Helm remembers, oldest first. */
async function releases(world: World, name: string): Promise<Release[]> {
  return (await records(world, name)).map(({ version, info, chart: { metadata } }) => ({
    revision: version,
    version: metadata.version,
    status: info.status,
  }));
}

async function records({ kubernetes, at }: World, name: string): Promise<KubeObject[]> {
  const secrets = await kubernetes.list(at('v1/secrets'), { labelSelector: `owner=helm,name=${name}` });
  return secrets
    .map(({ data }) => {
      const compressed = Buffer.from(Buffer.from(data.release, 'base64').toString(), 'base64');
      return JSON.parse(gunzipSync(compressed).toString());
    })
    .sort((a, b) => a.version - b.version);
}

/** A deploy begins after the pod of the one before has become ready, which takes five seconds. */
async function expectNoOverlap(world: World, name: string): Promise<void> {
  const began = (await records(world, name)).map(({ info }) => Date.parse(info.last_deployed));
  for (const [index, at] of began.entries()) {
    if (index > 0) expect(at - began[index - 1]!).toBeGreaterThan(5000);
  }
}
