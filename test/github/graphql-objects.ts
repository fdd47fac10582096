import { allows, type Caller, covers } from './credentials.ts';
import type { Commit, Signature, TreeEntry } from './git-objects.ts';
import { GraphqlRefusal, type Node } from './graphql-node.ts';
import { addReaction, pullFields } from './graphql-pulls.ts';
import type { GitObject } from './object-reader.ts';
import type { Parts } from './parts.ts';
import { formerly } from './renames.ts';
import { type Account, fullName, nodeId, type Repository, timestamp, type World } from './world.ts';

/** GitHub cuts the text of larger blobs. */
const MAX_BLOB_TEXT = 512_000;

type Known = Pick<Parts, 'world' | 'issues'>;

/** The fields of queries and of mutations. */
export function rootNode(known: Known, caller: Caller): Node {
  const { world } = known;
  return {
    addReaction: ({ input }: { input: { subjectId: string; content: string } }) => {
      const { comment, reaction } = addReaction(known, caller, input);
      return {
        reaction: { databaseId: reaction.id, content: input.content },
        subject: {
          __typename: 'IssueComment',
          databaseId: comment.id,
          repository: repositoryNode(known, caller, comment.repository),
        },
      };
    },
    repository({ owner, name }: { owner: string; name: string }) {
      const repository = formerly(world, `${owner}/${name}`);
      if (repository === undefined || !visible(caller, repository)) {
        const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
        throw new GraphqlRefusal('NOT_FOUND', message);
      }
      return repositoryNode(known, caller, repository);
    },
    rateLimit: {
      __typename: 'RateLimit',
      cost: 1,
      limit: 5000,
      nodeCount: 1,
      remaining: 4999,
      used: 1,
      resetAt: timestamp(new Date(world.now().getTime() + 3_600_000)),
    },
  };
}

function visible(caller: Caller, repository: Repository): boolean {
  return !repository.private || (caller.kind === 'installation' && covers(caller.token, repository));
}

function repositoryNode(known: Known, caller: Caller, repository: Repository): Node {
  const { world } = known;
  const { git } = repository;
  const url = `${world.url}/${fullName(repository)}`;

  function needContents(): void {
    const own = caller.kind === 'installation' && covers(caller.token, repository);
    if (!own) return;
    if (!allows(caller.token.permissions, 'contents', 'read')) {
      throw new GraphqlRefusal('FORBIDDEN', 'Resource not accessible by integration');
    }
  }

  async function ref(qualifiedName: string): Promise<Node | null> {
    needContents();
    const refs = await git.refs('refs');
    const prefixes = ['', 'refs/', 'refs/heads/', 'refs/tags/'];
    const found = prefixes.map((prefix) => `${prefix}${qualifiedName}`).find((name) => refs.has(name));
    if (found === undefined) return null;
    const [, prefix = '', short = ''] = /^(refs\/[^/]+\/)(.*)$/.exec(found) ?? [];
    return {
      __typename: 'Ref',
      id: nodeId('Ref', `${repository.id}:${found}`),
      name: short,
      prefix,
      repository: node,
      target: () => object(refs.get(found) ?? ''),
    };
  }

  /** As if ordered by the date of the commit, newest first. */
  async function newestRefs(refPrefix: string, first: number): Promise<Node> {
    needContents();
    const names = [...(await git.refs(refPrefix.replace(/\/$/, ''))).keys()];
    const dated = await Promise.all(
      names.map(async (name) => ({ name, date: (await git.commit(name))?.committer.date.getTime() ?? 0 })),
    );
    const newest = dated.sort((one, other) => other.date - one.date).slice(0, first);
    return { totalCount: names.length, nodes: newest.map(({ name }) => ref(name)) };
  }

  async function object(expression: string): Promise<Node | null> {
    needContents();
    const found = await git.read(expression);
    return found === null ? null : objectNode(found);
  }

  async function objectNode(found: GitObject): Promise<Node | null> {
    const base = {
      id: nodeId('GitObject', `${repository.id}:${found.oid}`),
      oid: found.oid,
      abbreviatedOid: found.oid.slice(0, 7),
      commitUrl: `${url}/commit/${found.oid}`,
      commitResourcePath: `/${fullName(repository)}/commit/${found.oid}`,
      repository: node,
    };
    switch (found.type) {
      case 'blob':
        return { ...base, ...blobFields(found.bytes) };
      case 'tree': {
        const entries = (await git.tree(found.oid)) ?? [];
        return { ...base, __typename: 'Tree', entries: () => entries.map((entry) => entryNode(entry, '')) };
      }
      case 'commit': {
        const commit = await git.commit(found.oid);
        return commit && { ...base, ...commitFields(commit) };
      }
      case 'tag':
        return { ...base, __typename: 'Tag', ...tagFields(found) };
    }
  }

  function tagFields({ bytes }: GitObject): Node {
    const [, target = ''] = /^object ([0-9a-f]{40})$/m.exec(bytes.toString()) ?? [];
    const [, name = ''] = /^tag (.*)$/m.exec(bytes.toString()) ?? [];
    return { name, target: () => object(target) };
  }

  function commitFields(commit: Commit): Node {
    const [headline = '', ...rest] = commit.message.split('\n');
    return {
      __typename: 'Commit',
      message: commit.message,
      messageHeadline: headline,
      messageBody: rest.join('\n').trim(),
      committedDate: timestamp(commit.committer.date),
      authoredDate: timestamp(commit.author.date),
      author: actor(commit.author),
      committer: actor(commit.committer),
      url: `${url}/commit/${commit.oid}`,
      tree: () => object(commit.tree),
      parents: async () => ({
        totalCount: commit.parents.length,
        nodes: commit.parents.map((oid) => object(oid)),
      }),
      file: ({ path }: { path: string }) => file(commit.tree, path),
    };
  }

  async function file(tree: string, path: string): Promise<Node | null> {
    const segments = path.split('/').filter((segment) => segment !== '');
    const name = segments.pop();
    const parent = segments.join('/');
    const entries = await git.tree(parent === '' ? tree : `${tree}:${parent}`);
    const entry = entries?.find((one) => one.name === name);
    return entry === undefined ? null : entryNode(entry, parent);
  }

  function entryNode(entry: TreeEntry, parent: string): Node {
    return {
      __typename: 'TreeEntry',
      name: entry.name,
      path: parent === '' ? entry.name : `${parent}/${entry.name}`,
      type: entry.type,
      // A number, not octal digits: 33188 stands for 100644.
      mode: Number.parseInt(entry.mode, 8),
      oid: entry.oid,
      extension: /\.[^.]*$/.exec(entry.name)?.[0] ?? '',
      size: async () => (entry.type === 'blob' ? ((await git.read(entry.oid))?.bytes.length ?? 0) : 0),
      // A submodule's commit is in another repository.
      object: () => (entry.type === 'commit' ? null : object(entry.oid)),
      repository: node,
    };
  }

  function actor({ name, email, date }: Signature): Node {
    return { __typename: 'GitActor', name, email, date: timestamp(date), user: null };
  }

  const node: Node = {
    __typename: 'Repository',
    id: nodeId('Repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    owner: ownerNode(world, repository.owner),
    url,
    isPrivate: repository.private,
    isFork: false,
    isArchived: false,
    visibility: repository.private ? 'PRIVATE' : 'PUBLIC',
    createdAt: timestamp(repository.createdAt),
    pushedAt: timestamp(repository.pushedAt),
    object: ({ oid, expression }: { oid?: string; expression?: string }) => object(oid ?? expression ?? ''),
    ref: ({ qualifiedName }: { qualifiedName: string }) => ref(qualifiedName),
    refs: ({ refPrefix, first = 30 }: { refPrefix: string; first?: number }) => newestRefs(refPrefix, first),
    ...pullFields(known, caller, { repository, ref }),
    defaultBranchRef: () => ref(`refs/heads/${repository.defaultBranch}`),
  };
  return node;
}

function blobFields(bytes: Buffer): Node {
  // git's own rule: a NUL among the first 8000 bytes makes a file binary.
  const isBinary = bytes.subarray(0, 8000).includes(0);
  const isTruncated = !isBinary && bytes.length > MAX_BLOB_TEXT;
  return {
    __typename: 'Blob',
    byteSize: bytes.length,
    isBinary,
    isTruncated,
    text: isBinary ? null : bytes.toString('utf8', 0, MAX_BLOB_TEXT),
  };
}

function ownerNode(world: World, { id, login, type }: Account): Node {
  const typename = type === 'Organization' ? 'Organization' : 'User';
  return { __typename: typename, id: nodeId(type, id), databaseId: id, login, url: `${world.url}/${login}` };
}
