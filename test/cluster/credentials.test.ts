import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEPLOYER } from './namespace.ts';
import { imageOf } from './projects.ts';
import { ALL, everyBut, foundIn, given, makeSecrets, search, searchedIn } from './search-credentials.ts';
import { LAYOUTS, startWorld, type World } from './world.ts';

/** What a service has found comes to the test that asks for it; the first question has it search, while the run is at its test. */
const SERVICE = `
nc -l -p 8080 </dev/null >/dev/null
{ printf 'HTTP/1.0 200 OK\\r\\n\\r\\n'; sh /search.sh; } > /tmp/answer
nc -l -p 8081 < /tmp/answer >/dev/null
exec sleep 86400
`;
const ASK = 'curl --silent --retry 60 --retry-delay 1 --retry-connrefused';

/** Makes the image of a service that searches. Resolves with its name. */
async function makeSpy(world: World): Promise<string> {
  const repository = await world.repository('spy');
  const { sha } = await world.github.pushFiles(repository, {
    files: {
      '.tekton-ci.yml': `use: ${world.settings.shell}\ntest: off\nimage: ${imageOf(world, 'spy')}\n`,
      'search.sh': search('service', ALL),
      'service.sh': SERVICE,
      Dockerfile: `FROM ${world.settings.bases.go}\nCOPY search.sh service.sh /\nENTRYPOINT ["sh", "/service.sh"]\n`,
    },
    branch: 'main',
  });
  expect(await world.verdict({ repository, sha })).toMatchObject({ conclusion: 'success' });
  return `${imageOf(world, 'spy')}:${sha}`;
}

function files(world: World, spy: string): Record<string, string> {
  return {
    '.tekton-ci.yml': JSON.stringify({
      use: world.settings.shell,
      services: { spy: { image: spy, ready: 'off' } },
      test: ['sh search-test.sh', `${ASK} http://spy:8080 || true`, `${ASK} http://spy:8081`],
      build: 'sh search-build.sh',
      image: imageOf(world, 'credentials'),
      deploy: { commands: 'sh search-deploy.sh' },
    }),
    'search-test.sh': search('test', ALL),
    'search-build.sh': search('build', ALL),
    // The deploy's own token is its own.
    'search-deploy.sh': search('deploy', everyBut('cluster')),
    // The registry's credential can be read by a RUN, as in every build by kaniko.
    'search-image.sh': search('image', everyBut('registry')),
    Dockerfile: `FROM ${world.settings.bases.go}\nCOPY . /context\nRUN sh /context/search-image.sh\n`,
  };
}

describe.each(LAYOUTS)('in the layout %s', (layout) => {
  let world: World;

  beforeAll(async () => {
    const operator = { git: [{ secret: 'basic', url: 'https://git.example.com' }] };
    world = await startWorld({ layout, operator, given: { dockerconfig: 'registry' } });
    await makeSecrets(world);
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  test('no step and no service can read a credential but its own', async () => {
    const spy = await makeSpy(world);
    const repository = await world.repository('credentials');

    const { sha } = await world.github.pushFiles(repository, { files: files(world, spy), branch: 'main' });
    const check = await world.verdict({ repository, sha }, 400);

    expect(check).toMatchObject({ conclusion: 'success', title: expect.stringMatching(/^Succeeded/) });
    const log = await world.log(check);
    const places = ['build', 'deploy', 'image', 'service', 'test'];
    expect(searchedIn(log)).toEqual(places);
    expect(foundIn(log)).toEqual(places.map((place) => `planted in /tmp/planted-by-${place}`));
    expect(await given(world, sha)).toEqual([
      'step-clone: basic',
      'step-clone: token of the repository',
      'step-deploy: token of the cluster',
      'step-image: registry',
    ]);
  });

  test('each has its own: the clone reads a private repository, the image is pushed, the deploy reaches the cluster', async () => {
    const repository = await world.repository('own');
    const read = 'kubectl get serviceaccount "$NAME" --namespace "$NAMESPACE" --output name';
    const { sha } = await world.github.pushFiles(repository, {
      files: {
        '.tekton-ci.yml': `use: ${world.settings.shell}\ntest: echo fine\nimage: ${imageOf(world, 'own')}\nenv: { NAME: ${DEPLOYER} }\ndeploy: { commands: ${JSON.stringify(read)} }\n`,
        Dockerfile: `FROM ${world.settings.bases.go}\n`,
      },
      branch: 'main',
    });

    const check = await world.verdict({ repository, sha });

    expect(check).toMatchObject({ conclusion: 'success', title: expect.stringMatching(/^Succeeded/) });
    expect(await world.log(check)).toContain(`serviceaccount/${DEPLOYER}`);
  });
});
