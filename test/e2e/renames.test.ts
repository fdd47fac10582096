import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckState } from '../github/check-store.ts';
import {
  type Condition,
  completed,
  holdCommand,
  shellProject,
  startWorld,
  testLog,
  type World,
} from './world.ts';

/** One run at a time, so that another one can be kept from its clone. */
const SETTINGS = 'limits: { perRepository: 1 }\n';

let world: World;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-renames-'));
  const file = join(directory, 'settings.yml');
  await writeFile(file, SETTINGS);
  world = await startWorld({ env: { TEKTON_CI_SETTINGS: file } });
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
  await rm(directory, { recursive: true });
});

const waits: Condition = (checks) => checks.some(({ status }) => status === 'queued');

/** The check of a run that waits while its repository is renamed, and is cloned then. */
async function renamedBeforeItsClone(name: string, isPrivate: boolean): Promise<CheckState | undefined> {
  const { github } = world;
  const repository = await github.createRepository({ owner: 'acme', name, private: isPrivate });
  const held = holdCommand(join(directory, name));
  const first = await github.commit(repository, { files: shellProject(held.command) });
  await github.push(repository, { branch: 'first', sha: first });
  await held.begun();
  const sha = await github.commit(repository, { files: shellProject('echo tested') });
  await github.push(repository, { branch: 'second', sha });
  await world.until(repository, sha, waits);
  await github.renameRepository(repository, `${name}-renamed`);
  await held.letGo();
  const [check] = await world.until({ ...repository, fullName: `acme/${name}-renamed` }, sha, completed);
  return check;
}

describe('a run whose repository is renamed between its push and its clone', () => {
  test('succeeds when everybody can read it', async () => {
    const check = await renamedBeforeItsClone('public', false);

    expect(check).toMatchObject({ name: 'tekton-ci', conclusion: 'success' });
    expect(await testLog(world, check)).toContain('tested');
  });

  test('succeeds when it is private', async () => {
    const check = await renamedBeforeItsClone('private', true);

    expect(check).toMatchObject({ name: 'tekton-ci', conclusion: 'success' });
    expect(await testLog(world, check)).toContain('tested');
  });
});
