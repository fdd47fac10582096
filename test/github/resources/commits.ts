import { type Answer, Refusal } from '../answer.ts';
import { commitJson, fileJson } from '../commit-json.ts';
import type { Commit } from '../git-objects.ts';
import { repositoryUrl } from '../repository-json.ts';
import { numberOf, pageOf, type RepositoryCall, type Route, textOf } from '../route.ts';
import { fullName, type Json } from '../world.ts';

const READ = { as: 'repository', permission: 'contents', level: 'read' } as const;

export const commitRoutes: readonly Route[] = [
  { operation: 'repos/get-commit', ...READ, handle: getCommit },
  { operation: 'repos/list-commits', ...READ, handle: listCommits },
  { operation: 'repos/compare-commits-with-basehead', ...READ, handle: compare },
];

/** The diff of two commits has no more files than this, all on the first page. */
const MAX_FILES = 300;
/** Commits of a comparison that is not asked for in pages. */
const MAX_COMMITS = 250;
/** No test has histories that come near. */
const ALL = 100_000;

async function getCommit(call: RepositoryCall): Promise<Answer> {
  const { repository } = call;
  const ref = textOf(call.parameters, 'ref') ?? '';
  const commit = await repository.git.commit(ref);
  if (commit === null) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  const files = await filesOf(call, commit.parents[0] ?? null, commit.oid);
  const sum = (name: string) => files.reduce((total, file) => total + (numberOf(file, name) ?? 0), 0);
  const stats = { additions: sum('additions'), deletions: sum('deletions'), total: sum('changes') };
  return { status: 200, body: { ...commitJson(call, commit), stats, files } };
}

async function listCommits(call: RepositoryCall): Promise<Answer> {
  const { world, repository, parameters } = call;
  const start = await repository.git.commit(textOf(parameters, 'sha') ?? repository.defaultBranch);
  if (start === null) throw new Refusal(parameters.sha === undefined ? 409 : 404, 'Git Repository is empty.');
  const path = textOf(parameters, 'path');
  const shas = await repository.git.revisions([start.oid], [], ALL, path);
  const { items, headers } = pageOf(call, `${repositoryUrl(world, repository)}/commits`, shas);
  return { status: 200, headers, body: await commitsJson(call, items) };
}

async function compare(call: RepositoryCall): Promise<Answer> {
  const { world, repository, parameters } = call;
  const { git } = repository;
  const basehead = textOf(parameters, 'basehead') ?? '';
  const [baseName = '', headName = ''] = basehead.split('...');
  const base = await side(call, baseName);
  const head = await side(call, headName);
  const mergeBase = await git.mergeBase(base.oid, head.oid);
  const common = mergeBase === null ? null : await git.commit(mergeBase);
  if (common === null) throw new Refusal(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ahead = (await git.revisions([head.oid], [base.oid], ALL)).reverse();
  const behind = await git.count(base.oid, head.oid);
  const api = `${repositoryUrl(world, repository)}/compare/${baseName}...${headName}`;
  const web = `${world.url}/${fullName(repository)}/compare/${baseName}...${headName}`;
  const paged = parameters.page !== undefined || parameters.per_page !== undefined;
  const { items, headers } = paged
    ? pageOf(call, api, ahead)
    : { items: ahead.slice(0, MAX_COMMITS), headers: {} };
  const first = (numberOf(parameters, 'page') ?? 1) === 1;
  const body: Json = {
    url: api,
    html_url: web,
    permalink_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: commitJson(call, base),
    merge_base_commit: commitJson(call, common),
    status: statusOf(ahead.length, behind),
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: await commitsJson(call, items),
    ...(first && { files: (await filesOf(call, common.oid, head.oid)).slice(0, MAX_FILES) }),
  };
  return { status: 200, headers, body };
}

/** One side of a comparison: a sha, a branch or a tag, perhaps with the owner before a colon. */
async function side({ repository }: RepositoryCall, name: string): Promise<Commit> {
  const own = `${repository.owner.login}:`;
  const commit = await repository.git.commit(name.startsWith(own) ? name.slice(own.length) : name);
  if (commit === null) throw new Refusal(404, 'Not Found');
  return commit;
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function filesOf(call: RepositoryCall, from: string | null, to: string): Promise<Json[]> {
  const changes = await call.repository.git.changes(from, to);
  return changes.map((change) => fileJson(call, to, change));
}

async function commitsJson(call: RepositoryCall, shas: readonly string[]): Promise<Json[]> {
  const commits = await Promise.all(shas.map((sha) => call.repository.git.commit(sha)));
  return commits.filter((commit) => commit !== null).map((commit) => commitJson(call, commit));
}
