import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, type Reply, tokenOf } from './api-client.ts';
import { runGit } from './git.ts';
import { type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let authorization: string;
let root: string;
let directory: string;

beforeAll(async () => {
  github = await startGitHub();
  const app = await github.createApp({ webhookSecret: 'secret' });
  const repository = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  const { installationId } = repository;
  directory = repository.directory;
  authorization = `token ${await tokenOf(github, app, installationId)}`;
  root = (await github.pushFiles('acme/api', { files: { a: '1' } })).sha;
});

afterAll(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
});

function compare(base: string, head: string, query = ''): Promise<Reply> {
  return call(github, 'GET', `/repos/acme/api/compare/${base}...${head}${query}`, { authorization });
}

function child(of: string, files: Record<string, string | null>): Promise<string> {
  return github.commit('acme/api', { parents: [of], files });
}

/** Many commits in a row after the root, made by one git. */
async function descendants(count: number): Promise<string> {
  const person = 'committer A <a@example.com> 1700000000 +0000';
  const commits = Array.from({ length: count }, (_, index) => {
    const message = String(index);
    const from = index === 0 ? `from ${root}\n` : '';
    return `commit refs/heads/many\n${person}\ndata ${message.length}\n${message}\n${from}\n`;
  });
  await runGit(directory, ['fast-import', '--quiet', '--date-format=raw'], { input: commits.join('') });
  return (await github.head('acme/api', 'many')) ?? '';
}

describe('two commits', () => {
  test('can be identical, ahead, behind and diverged', async () => {
    const next = await child(root, { b: '1' });
    const other = await child(root, { c: '1' });

    const replies = await Promise.all([
      compare(root, root),
      compare(root, next),
      compare(next, root),
      compare(next, other),
    ]);

    expect(
      replies.map((reply) => [reply.field('status'), reply.field('ahead_by'), reply.field('behind_by')]),
    ).toEqual([
      ['identical', 0, 0],
      ['ahead', 1, 0],
      ['behind', 0, 1],
      ['diverged', 1, 1],
    ]);
    expect(replies[3]?.field('merge_base_commit', 'sha')).toBe(root);
  });

  test('differ since their merge base, not from each other', async () => {
    const next = await child(root, { b: '1' });
    const other = await child(root, { c: '1' });

    const reply = await compare(next, other);

    expect(reply.field('files')).toMatchObject([{ filename: 'c', status: 'added' }]);
  });

  test('name both paths of a rename', async () => {
    const text = 'line\n'.repeat(50);
    const before = await child(root, { old: text });
    const after = await child(before, { old: null, new: text });

    const reply = await compare(before, after);

    expect(reply.field('files')).toMatchObject([
      { filename: 'new', previous_filename: 'old', status: 'renamed' },
    ]);
  });

  test('without a merge base are 404', async () => {
    const orphan = await github.commit('acme/api', { parents: [], files: { z: '1' } });

    const reply = await compare(root, orphan);

    expect(reply.status).toBe(404);
    expect(reply.field('message')).toContain('No common ancestor');
  });

  test('that are not there are 404', async () => {
    expect((await compare(root, 'f'.repeat(40))).status).toBe(404);
    expect((await compare('nobranch', root)).status).toBe(404);
  });
});

describe('GitHub’s limits', () => {
  test('no more than 300 files are listed', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 301 }, (_, index) => [`many/${index}`, String(index)]),
    );
    const many = await child(root, files);

    const reply = await compare(root, many);

    expect(reply.field('files')).toHaveLength(300);
  });

  test('no more than 250 commits are listed, the oldest first, and later pages have no files', async () => {
    const tip = await descendants(251);

    const reply = await compare(root, tip);
    const second = await compare(root, tip, '?per_page=100&page=3');

    expect(reply.field('total_commits')).toBe(251);
    expect(reply.field('commits')).toHaveLength(250);
    expect(reply.field('commits', 0, 'commit', 'message')).toBe('0');
    expect(second.field('commits')).toHaveLength(51);
    expect(second.field('files')).toBeUndefined();
  });
});
