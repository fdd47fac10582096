import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { type CreatedApp, type CreatedRepository, type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let app: CreatedApp;
let repository: CreatedRepository;

beforeAll(async () => {
  github = await startGitHub();
  app = await github.createApp({ webhookSecret: 'secret' });
  repository = await github.createRepository({ owner: 'acme', name: 'api', private: true });
});

afterAll(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
});

test('GitHub’s own client is at home: app authentication, pages, GraphQL', async () => {
  const { sha } = await github.pushFiles('acme/api', { files: { a: '1' } });
  const { appId, privateKey } = app;
  const octokit = new Octokit({
    baseUrl: `${github.url}/api/v3`,
    authStrategy: createAppAuth,
    auth: { appId, privateKey, installationId: repository.installationId },
  });
  const here = { owner: 'acme', repo: 'api' };

  for (const name of ['one', 'two', 'three'])
    await octokit.rest.checks.create({ ...here, name, head_sha: sha });
  const checks = await octokit.paginate(octokit.rest.checks.listForRef, { ...here, ref: sha, per_page: 1 });
  const installations = await octokit.rest.apps.listInstallations();
  const answer = await octokit.graphql(
    'query ($o: String!) { repository(owner: $o, name: "api") { databaseId } }',
    {
      o: 'acme',
    },
  );

  expect(checks.map(({ name }) => name)).toEqual(['three', 'two', 'one']);
  expect(installations.data[0]?.id).toBe(repository.installationId);
  expect(answer).toEqual({ repository: { databaseId: repository.id } });
  expect(github.countRequests({ match: 'apps/create-installation-access-token' })).toBe(1);
});
