import { allows, type Caller, covers } from './credentials.ts';
import { GraphqlRefusal, type Node } from './graphql-node.ts';
import { botOf, type CommentState, type PullState, type ReactionState } from './issue-store.ts';
import type { Parts } from './parts.ts';
import { roleOf } from './resources/permissions.ts';
import { type Account, nodeId, type Repository, timestamp } from './world.ts';

/** What a repository tells of its pull requests and of who has access. */
export function pullFields(
  { world, issues }: Pick<Parts, 'world' | 'issues'>,
  caller: Caller,
  {
    repository,
    ref,
  }: { readonly repository: Repository; readonly ref: (name: string) => Promise<Node | null> },
): Node {
  const pullNode = (pull: PullState): Node => ({
    ...ownFields(pull),
    baseRef: () => ref(`refs/heads/${pull.base}`),
  });
  return {
    pullRequest({ number }: { number: number }) {
      const pull = issues.findPull(repository, number);
      if (pull !== undefined) return pullNode(pull);
      throw new GraphqlRefusal(
        'NOT_FOUND',
        `Could not resolve to a PullRequest with the number of ${number}.`,
      );
    },
    /** Open ones, those that changed last first: nothing else is asked for here. */
    pullRequests({ first }: { first: number }) {
      const open = issues.pulls.filter((pull) => pull.repository === repository && pull.state === 'open');
      const newest = open.sort((one, other) => other.updatedAt.getTime() - one.updatedAt.getTime());
      return { totalCount: open.length, nodes: newest.slice(0, first).map(pullNode) };
    },
    collaborators({ login }: { login?: string }) {
      const own = caller.kind === 'installation' && covers(caller.token, repository);
      if (!own || !world.collaboratorsVisible) {
        throw new GraphqlRefusal('FORBIDDEN', 'Must have push access to view repository collaborators.');
      }
      const all = [repository.owner.login, ...repository.collaborators.keys()];
      const named = all.filter((one) => login === undefined || one.toLowerCase() === login.toLowerCase());
      const people = named.flatMap((one) => world.accounts.get(one.toLowerCase()) ?? []);
      return {
        totalCount: people.length,
        edges: people.map((person) => ({
          permission: roleOf(repository, person.login).toUpperCase(),
          node: actorNode(person),
        })),
      };
    },
  };
}

/** REST and GraphQL name reactions differently: `eyes` and `EYES`, `+1` and `THUMBS_UP`; here are those that are the same. */
export function addReaction(
  { issues, world }: Pick<Parts, 'world' | 'issues'>,
  caller: Caller,
  { subjectId, content }: { readonly subjectId: string; readonly content: string },
): { readonly comment: CommentState; readonly reaction: ReactionState } {
  const comment = issues.comments.find(({ id }) => nodeId('IssueComment', id) === subjectId);
  const own = caller.kind === 'installation' && comment && covers(caller.token, comment.repository);
  if (!own) {
    throw new GraphqlRefusal(
      'NOT_FOUND',
      `Could not resolve to a node with the global id of '${subjectId}'.`,
    );
  }
  const { permissions, installation } = caller.token;
  const may = allows(permissions, 'issues', 'write') || allows(permissions, 'pull_requests', 'write');
  if (!may) throw new GraphqlRefusal('FORBIDDEN', 'Resource not accessible by integration');
  const author = botOf(world, installation.app);
  return { comment, ...issues.react(comment, { content: content.toLowerCase(), author }) };
}

function ownFields(pull: PullState): Node {
  return {
    __typename: 'PullRequest',
    databaseId: pull.id,
    number: pull.number,
    title: pull.title,
    isDraft: pull.draft,
    updatedAt: timestamp(pull.updatedAt),
    state: pull.merged === null ? pull.state.toUpperCase() : 'MERGED',
    headRefOid: pull.headSha,
    headRefName: pull.headBranch,
    baseRefOid: pull.baseSha,
    baseRefName: pull.base,
    headRepository: pull.headRepository && { databaseId: pull.headRepository.id },
    author: actorNode(pull.author),
  };
}

/** Bots have no suffix here. */
function actorNode({ id, login, type }: Account): Node {
  return { __typename: type, databaseId: id, login: login.replace(/\[bot\]$/, '') };
}
