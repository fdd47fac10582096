import { accountJson, appJson } from './account-json.ts';
import type { Delivery } from './deliveries.ts';
import { example } from './examples.ts';
import type { CommentState, PullState } from './issue-store.ts';
import { announce, type Parts } from './parts.ts';
import { repositoryUrl } from './repository-json.ts';
import { fullName, type Json, nodeId, timestamp, type World } from './world.ts';

/** Tells of a comment on a pull request that it was written, or changed (`from` is what it said before). */
export function announceComment(
  parts: Parts,
  { comment, pull }: { readonly comment: CommentState; readonly pull: PullState },
  from?: string,
): Promise<(Delivery | null)[]> {
  const { world } = parts;
  const sent = announce(parts, {
    event: 'issue_comment',
    action: from === undefined ? 'created' : 'edited',
    repository: pull.repository,
    sender: comment.author,
    fields: () => ({
      issue: issueJson(world, pull),
      comment: { ...commentJson(world, comment), reactions: reactionsJson(world, comment) },
      ...(from !== undefined && { changes: { body: { from } } }),
    }),
  });
  return Promise.all(sent);
}

export function commentJson(world: World, comment: CommentState): Json {
  const { repository, number, id, author, app } = comment;
  const api = `${repositoryUrl(world, repository)}/issues`;
  return {
    id,
    node_id: nodeId('IssueComment', id),
    url: `${api}/comments/${id}`,
    html_url: `${world.url}/${fullName(repository)}/pull/${number}#issuecomment-${id}`,
    issue_url: `${api}/${number}`,
    user: accountJson(world, author),
    body: comment.body,
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: 'NONE',
    performed_via_github_app: app && appJson(world, app),
  };
}

/** A pull request as an issue: a comment's event tells neither its head nor its base. */
function issueJson(world: World, pull: PullState): Json {
  const { issue } = example('issue_comment', ({ action }) => action === 'created');
  const { repository, number, id, state } = pull;
  const api = repositoryUrl(world, repository);
  const url = `${api}/issues/${number}`;
  const web = `${world.url}/${fullName(repository)}/pull/${number}`;
  return {
    ...(issue as Json),
    id,
    node_id: nodeId('PullRequest', id),
    number,
    title: pull.title,
    state,
    draft: pull.draft,
    body: null,
    user: accountJson(world, pull.author),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: web,
    pull_request: {
      url: `${api}/pulls/${number}`,
      html_url: web,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      merged_at: null,
    },
    labels: [],
    assignee: null,
    assignees: [],
    milestone: null,
    active_lock_reason: null,
    created_at: timestamp(pull.createdAt),
    updated_at: timestamp(pull.updatedAt),
    closed_at: state === 'closed' ? timestamp(pull.updatedAt) : null,
    author_association: 'NONE',
    reactions: counts(`${url}/reactions`, []),
  };
}

function reactionsJson(world: World, { repository, id, reactions }: CommentState): Json {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${id}/reactions`;
  return counts(
    url,
    reactions.map(({ content }) => content),
  );
}

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

function counts(url: string, given: readonly string[]): Json {
  const each = REACTIONS.map((name) => [name, given.filter((one) => one === name).length]);
  return { url, total_count: given.length, ...Object.fromEntries(each) };
}
