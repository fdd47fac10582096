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
    updated_at: timestamp(pull.createdAt),
    closed_at: pull.state === 'closed' ? timestamp(world.now()) : null,
    merged_at: null,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: false,
    head: sideJson(world, pull.headRepository, pull.headBranch, pull.headSha),
    base: sideJson(world, repository, pull.base, pull.baseSha),
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
    merged: false,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 0,
    deletions: 0,
    changed_files: 0,
  };
}

function sideJson(world: World, repository: Repository, ref: string, sha: string): Json {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: accountJson(world, repository.owner),
    repo: repositoryJson(world, repository),
  };
}
