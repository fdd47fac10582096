import { accountJson } from '../account-json.ts';
import { type Answer, notFound } from '../answer.ts';
import { announceComment, commentJson } from '../comments.ts';
import { botOf } from '../issue-store.ts';
import { repositoryUrl } from '../repository-json.ts';
import { pageOf, type RepositoryCall, type Route, textOf } from '../route.ts';
import { type Json, nodeId, timestamp } from '../world.ts';

const WRITE = { as: 'repository', permission: 'issues', level: 'write' } as const;
const READ = { as: 'repository', permission: 'issues', level: 'read' } as const;

export const issueRoutes: readonly Route[] = [
  { operation: 'issues/create-comment', ...WRITE, handle: createComment },
  { operation: 'issues/list-comments', ...READ, handle: listComments },
  { operation: 'reactions/create-for-issue-comment', ...WRITE, handle: createReaction },
];

function createComment(call: RepositoryCall): Answer {
  const { world, issues, repository, app, parameters, body } = call;
  const pull = issues.findPull(repository, parameters.issue_number);
  if (pull === undefined || app === null) throw notFound();
  const comment = issues.addComment({
    repository,
    number: pull.number,
    body: textOf(body, 'body') ?? '',
    author: botOf(world, app),
    app,
  });
  void announceComment(call, { comment, pull });
  return { status: 201, body: commentJson(world, comment) };
}

function listComments(call: RepositoryCall): Answer {
  const { world, issues, repository, parameters } = call;
  const number = parameters.issue_number;
  if (issues.findPull(repository, number) === undefined) throw notFound();
  const all = issues.comments.filter((one) => one.repository === repository && one.number === number);
  const { items, headers } = pageOf(
    call,
    `${repositoryUrl(world, repository)}/issues/${number}/comments`,
    all,
  );
  return { status: 200, headers, body: items.map((comment) => commentJson(world, comment)) };
}

/** 201 for a new reaction, 200 for one that was there. */
function createReaction({ world, issues, repository, app, parameters, body }: RepositoryCall): Answer {
  const comment = issues.comments.find(
    (one) => one.repository === repository && one.id === parameters.comment_id,
  );
  if (comment === undefined || app === null) throw notFound();
  const author = botOf(world, app);
  const content = textOf(body, 'content') ?? '';
  const { reaction, isNew } = issues.react(comment, { content, author });
  const answer: Json = {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: accountJson(world, author),
    content,
    created_at: timestamp(reaction.at),
  };
  return { status: isNew ? 201 : 200, body: answer };
}
