import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { call, tokenOf } from './api-client.ts';
import { type CreatedApp, type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let app: CreatedApp;
let authorization: string;
let sha: string;

beforeEach(async () => {
  github = await startGitHub();
  // Nobody listens there: what was sent is kept all the same.
  app = await github.createApp({ webhookSecret: 'secret', webhookUrl: 'http://127.0.0.1:9/' });
  const { installationId } = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  sha = (await github.pushFiles('acme/api', { files: { a: '1' } })).sha;
  authorization = `token ${await tokenOf(github, app, installationId)}`;
});

afterEach(() => github.close());

test('people press Re-run and buttons, and the app hears who did', async () => {
  const actions = [{ label: 'Approve', description: 'd', identifier: 'approve' }];
  const body = { name: 'clicked', head_sha: sha, conclusion: 'action_required', actions };
  const created = await call(github, 'POST', '/repos/acme/api/check-runs', { authorization, body });
  const id = Number(created.field('id'));

  await github.rerequestCheck(id, 'maintainer');
  await github.pressButton(id, 'approve', 'maintainer');

  await github.waitForDeliveries();
  const seen = github.deliveries.filter(({ event }) => event === 'check_run');
  expect(seen.map(({ action }) => action).sort()).toEqual([
    'completed',
    'created',
    'requested_action',
    'rerequested',
  ]);
  expect(seen.find(({ action }) => action === 'rerequested')?.payload).toMatchObject({
    check_run: { id, name: 'clicked', head_sha: sha, check_suite: { head_sha: sha, head_branch: 'main' } },
    sender: { login: 'maintainer', type: 'User' },
  });
  expect(seen.find(({ action }) => action === 'requested_action')?.payload).toMatchObject({
    requested_action: { identifier: 'approve' },
  });
  expect(seen.find(({ action }) => action === 'created')?.payload).toMatchObject({
    sender: { type: 'Bot' },
  });
  const strange = /codertocat|octocat|github\.com/i;
  expect(strange.exec(JSON.stringify(seen.map(({ payload }) => payload)))).toBeNull();
  expect(github.violations).toEqual([]);
});

test('an event names the organization, and none where a person owns the repository', async () => {
  const mine = await github.createRepository({ owner: 'person', name: 'own', ownerType: 'User' });
  const pushed = await github.pushFiles(mine, { files: { a: '1' } });
  const token = await tokenOf(github, app, mine.installationId);
  const ours = { name: 'ci', head_sha: sha };
  const theirs = { name: 'ci', head_sha: pushed.sha };
  await call(github, 'POST', '/repos/acme/api/check-runs', { authorization, body: ours });
  await call(github, 'POST', '/repos/person/own/check-runs', {
    authorization: `token ${token}`,
    body: theirs,
  });

  const ofOrganization = await github.rerequestCheck(github.checks('acme/api')[0]?.id ?? 0);
  const ofPerson = await github.rerequestCheck(github.checks(mine)[0]?.id ?? 0);

  expect(ofOrganization?.payload).toMatchObject({ organization: { login: 'acme' } });
  expect(ofPerson?.payload).toMatchObject({
    repository: { full_name: 'person/own', owner: { type: 'User' } },
  });
  expect(ofPerson?.payload).not.toHaveProperty('organization');
  expect(github.violations).toEqual([]);
});
