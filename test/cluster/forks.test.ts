import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { approveWords, type ForkPull, forkOf, openForkPull, sayOn } from '../e2e/fork-world.ts';
import { cacheOf, type Ended, ended, foldersOf, imageFlags, taskNames, thereIs } from './ended-run.ts';
import {
  attackFiles,
  CURIOUS_FILES,
  FORGED,
  FORK_CONFIG,
  laterFiles,
  NAME,
  targetFiles,
} from './fork-attack.ts';
import { eventually } from './kubernetes.ts';
import { CLAIM, DEPLOYER } from './namespace.ts';
import { imageOf } from './projects.ts';
import { imagesOf } from './registry.ts';
import { API_KEY, foundIn, makeSecrets, searchedIn } from './search-credentials.ts';
import { LAYOUTS, startWorld, type World } from './world.ts';

/** What a stranger must not change. */
interface Published {
  readonly images: readonly string[];
  readonly releases: readonly string[];
  readonly said: string;
}

describe.each(LAYOUTS)("in the layout %s, a stranger's pull request", (layout) => {
  let world: World;
  let trusted: Ended;
  let attack: Ended;
  let later: Ended;
  let curious: Ended;
  let pull: ForkPull;
  let refusal: readonly string[];
  /** Names of what there was for the stranger's commit before it was approved. */
  let unapproved: readonly string[];
  let before: Published;
  let after: Published;

  beforeAll(async () => {
    const operator = {
      cache: { claim: CLAIM },
      git: [{ secret: 'basic', url: 'https://git.example.com' }],
    };
    const secrets = { API_KEY: { name: 'api', key: 'key' } };
    world = await startWorld({ layout, operator, given: { dockerconfig: 'registry', secrets } });
    const { github, kubernetes } = world;
    await makeSecrets(world);
    await kubernetes.make(world.at('v1/secrets'), {
      metadata: { name: 'api' },
      stringData: { key: API_KEY },
    });

    const repository = await world.repository(NAME);
    const { sha: base } = await github.pushFiles(repository, { files: targetFiles(world), branch: 'main' });
    trusted = await ended(world, { repository, sha: base });

    const fork = await forkOf(github, repository, 'mona');
    const stranger = { repository, fork, base, sender: 'mona' };
    // The tag of this branch would be that of the default branch.
    pull = await openForkPull(github, { ...stranger, branch: 'main', files: attackFiles(world) });
    refusal = await sayOn(github, pull, { body: approveWords(pull.sha), sender: 'mona' });
    unapproved = await thereIs(world, pull.sha);
    before = await published(world);
    await sayOn(github, pull, { body: approveWords(pull.sha) });
    attack = await ended(world, pull);
    after = await published(world);

    const next = await github.pushFiles(repository, { files: laterFiles(world), branch: 'main' });
    const other = await openForkPull(github, { ...stranger, branch: 'trusted', files: CURIOUS_FILES });
    await sayOn(github, other, { body: approveWords(other.sha) });
    later = await ended(world, { repository, sha: next.sha });
    curious = await ended(world, other);
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  test('begins nothing in the cluster before somebody with write access approves it', async () => {
    expect(refusal).toEqual([expect.stringMatching(/Only people with write access/)]);
    expect(unapproved).toEqual([]);
    // What finds nothing must be able to find.
    expect(await thereIs(world, pull.sha)).toEqual(
      expect.arrayContaining([attack.pipelineRun.metadata.name]),
    );
  });

  test('runs as untrusted, and passes: every attack below was really tried', () => {
    expect(trusted.check).toMatchObject({ conclusion: 'success' });
    expect(attack.check).toMatchObject({ conclusion: 'success', headSha: pull.sha });
    expect(attack.pipelineRun.metadata.labels).toMatchObject({ 'tekton-ci.dev/trust': 'untrusted' });
    expect(trusted.pipelineRun.metadata.labels).toMatchObject({ 'tekton-ci.dev/trust': 'trusted' });
    expect(searchedIn(attack.log)).toEqual(['image', 'test']);
  });

  test("runs by the default branch's config, not by its own", () => {
    expect(attack.log).not.toContain(FORK_CONFIG);
    expect(JSON.stringify(attack.pipelineRun)).not.toContain(FORK_CONFIG);
    expect(JSON.stringify(attack.pipelineRun)).not.toContain('stolen');
    expect(attack.check.summary).toContain("config: that of main, the commit's own does not count");
  });

  test('finds no secret in its environment, in files, processes and results, nor in the build of its Dockerfile', () => {
    // The same search finds what a trusted run of the same repository has.
    expect(foundIn(trusted.log)).toContain('secret in /tmp/environment-of-test');
    expect(foundIn(trusted.log)).toContainEqual(expect.stringMatching(/^registry in \/kaniko\/\.docker\//));
    expect(foundIn(attack.log).filter((found) => !found.startsWith('poison in '))).toEqual([
      'planted in /tmp/planted-by-image',
      'planted in /tmp/planted-by-test',
    ]);
    expect(attack.log).not.toContain(API_KEY);
    expect(attack.check.summary).toContain('secrets: none, the run is untrusted');
  });

  test('has pods with no secret but the token that the clone step reads its repository with', async () => {
    const token = 'step-clone: token of the repository';
    const operators = ['step-clone: basic', 'step-image: registry', 'step-test: api'];
    expect(trusted.given).toEqual(expect.arrayContaining([token, ...operators]));
    expect(attack.given).toEqual([token]);
    expect(curious.given).toEqual([token]);
    const objects = JSON.stringify([attack.pipelineRun, attack.taskRuns, attack.pods]);
    expect(objects).not.toContain('secretKeyRef');
    expect(objects).not.toContain(API_KEY);
    await eventually('the token to be gone', async () => {
      const secrets = await world.kubernetes.list(world.at('v1/secrets'));
      return secrets.every(({ metadata }) => !metadata.name.includes(pull.sha.slice(0, 7)));
    });
  });

  test('is nobody to the cluster', () => {
    expect(attack.pods.length).toBeGreaterThan(0);
    for (const { spec } of attack.pods) expect(spec.automountServiceAccountToken).toBe(false);
    expect(attack.log).toMatch(/^@kubernetes \[(000|401|403)\]$/m);
  });

  test('has the image of its Dockerfile built, and pushes nothing', () => {
    expect(before.images).toContainEqual(expect.stringContaining(`/${NAME}:main sha256:`));
    expect(after.images).toEqual(before.images);
    expect(imageFlags(attack)).toContain('--no-push');
    expect(imageFlags(attack).filter((flag) => flag.startsWith('--digest-file'))).toEqual([]);
    expect(attack.check.summary).toMatch(/\| image \| ✅ succeeded/);
    expect(attack.check.summary).toContain('image: built but not pushed, the run is untrusted');
  });

  test('chooses no name and no tag of the image: not by its branch, its config or a file', () => {
    const image = imageOf(world, NAME);
    const destinations = (run: Ended) => imageFlags(run).filter((flag) => flag.startsWith('--destination='));
    expect(destinations(trusted)).toContain(`--destination=${image}:main`);
    expect(destinations(attack)).toEqual([`--destination=${image}:${pull.sha}`]);
    expect(attack.log).toContain(`@image ${image}\n`);
  });

  test('deploys nothing: there is no task for it, and what is deployed stays as it was', () => {
    const stages = layout === 'pod' ? ['ci'] : ['clone', 'test', 'image'];
    expect(taskNames(trusted)).toContain('deploy-here');
    expect(taskNames(attack)).toEqual(stages);
    expect(JSON.stringify(attack.pipelineRun)).not.toContain(DEPLOYER);
    expect(before).toMatchObject({ releases: [expect.any(String)], said: 'of the default branch' });
    expect(after).toEqual(before);
    expect(attack.check.summary).not.toMatch(/^\| deploy/m);
    expect(attack.check.summary).toContain('deploy here: no, the run is untrusted');
  });

  test('has published nothing, however it says so: as results, as those of a step, and in the message of its end', async () => {
    for (const way of ['results', 'step', 'termination']) expect(attack.log).toContain(`@forged ${way}\n`);
    expect(trusted.check.summary).toMatch(/^Image: .*@sha256:/m);
    expect(attack.check.summary).not.toMatch(/^Image: /m);
    const page = await (await fetch(attack.check.detailsUrl ?? '')).text();
    for (const claim of Object.values(FORGED)) {
      expect(JSON.stringify(attack.check)).not.toContain(claim);
      expect(page).not.toContain(claim);
    }
  });

  test('poisons no cache of trusted runs, wherever it writes', () => {
    expect(foundIn(attack.log)).toContain(`poison in ${cacheOf(attack)}/poison`);
    expect(foundIn(later.log)).toContainEqual(expect.stringMatching(/^kept in /));
    expect(foundIn(later.log).filter((found) => found.startsWith('poison'))).toEqual([]);
  });

  test('sees no cache of trusted runs, also from a branch that is called like it, but that of other strangers', () => {
    const cache = cacheOf(attack);
    const poison = [`poison in ${cache}/kept`, `poison in ${cache}/poison`];
    expect(foundIn(curious.log)).toEqual(['planted in /tmp/planted-by-test', ...poison]);
    expect(foldersOf(trusted)).toContain(`cache/acme/${NAME}/trusted`);
    for (const run of [attack, curious])
      expect(foldersOf(run).filter((folder) => folder.startsWith('cache/'))).toEqual([
        `cache/acme/${NAME}/untrusted`,
      ]);
  });

  test('sees no source but its own', () => {
    const own = `acme/${NAME}/${NAME}`;
    const folders = foldersOf(attack).filter((folder) => !folder.startsWith('cache/'));
    expect(folders).toEqual(layout === 'pod' ? [] : [`${own}/${attack.pipelineRun.metadata.name}`]);
  });
});

async function published(world: World): Promise<Published> {
  const { kubernetes, at } = world;
  const releases = await kubernetes.list(at('v1/secrets'), { fieldSelector: 'type=helm.sh/release.v1' });
  const { data } = await kubernetes.read(at('v1/configmaps', NAME));
  return {
    images: await imagesOf(world),
    releases: releases.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`),
    said: data.said,
  };
}
