import { accountJson } from './account-json.ts';
import type { PullState } from './issue-store.ts';
import { repositoryJson, repositoryUrl } from './repository-json.ts';
import { fullName, type Json, nodeId, type Repository, timestamp, type World } from './world.ts';

/** GitHub's "pull request simple", as lists hold it. */
export function simplePullJson(world: World, pull: PullState): Json {
  const { repository, number } = pull;
  const api = `${repositoryUrl(world, repository)}/pulls/${number}`;
  const issue = `${repositoryUrl(world, repository)}/issues/${number}`;
  const web = `${world.url}/${fullName(repository)}/pull/${number}`;
  const statuses = `${repositoryUrl(world, repository)}/statuses/${pull.headSha}`;
  const href = (address: string) => ({ href: address });
  return {
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: null,
    user: accountJson(world, pull.author),
    url: api,
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${repositoryUrl(world, repository)}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    created_at: timestamp(pull.createdAt),
    updated_at: timestamp(pull.updatedAt),
    closed_at: pull.state === 'closed' ? timestamp(pull.updatedAt) : null,
    merged_at: pull.merged === null ? null : timestamp(pull.updatedAt),
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    head: sideJson(world, pull.headRepository, { ref: pull.headBranch, sha: pull.headSha }),
    base: sideJson(world, repository, { ref: pull.base, sha: pull.baseSha }),
    _links: {
      self: href(api),
      html: href(web),
      issue: href(issue),
      comments: href(`${issue}/comments`),
      review_comments: href(`${api}/comments`),
      review_comment: href(`${repositoryUrl(world, repository)}/pulls/comments{/number}`),
      commits: href(`${api}/commits`),
      statuses: href(statuses),
    },
    author_association: 'NONE',
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** GitHub's "pull request", as one is answered and sent. */
export function pullJson(world: World, pull: PullState): Json {
  return {
    ...simplePullJson(world, pull),
    merged: pull.merged !== null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: pull.merged && accountJson(world, pull.merged.by),
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 0,
    deletions: 0,
    changed_files: 0,
  };
}

/** Of a fork that is gone GitHub tells no more than the commit. */
function sideJson(
  world: World,
  repository: Repository | null,
  { ref, sha }: { readonly ref: string; readonly sha: string },
): Json {
  return {
    label: `${repository?.owner.login ?? 'unknown'}:${ref}`,
    ref,
    sha,
    user: repository && accountJson(world, repository.owner),
    repo: repository && repositoryJson(world, repository),
  };
}

/** The open pull requests of a commit as checks name them: those of forks are never named. */
export function pullReferences(
  world: World,
  pulls: readonly PullState[],
  { repository, sha }: { readonly repository: Repository; readonly sha: string },
): Json[] {
  const own = pulls.filter(
    (pull) =>
      pull.state === 'open' &&
      pull.headSha === sha &&
      pull.repository === repository &&
      pull.headRepository === repository,
  );
  const repo = { id: repository.id, url: repositoryUrl(world, repository), name: repository.name };
  return own.map(({ id, number, headBranch, headSha, base, baseSha }) => ({
    id,
    number,
    url: `${repositoryUrl(world, repository)}/pulls/${number}`,
    head: { ref: headBranch, sha: headSha, repo },
    base: { ref: base, sha: baseSha, repo },
  }));
}
