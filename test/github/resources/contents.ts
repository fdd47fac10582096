import { type Answer, notFound, Refusal } from '../answer.ts';
import type { TreeEntry } from '../git-objects.ts';
import { repositoryUrl } from '../repository-json.ts';
import { type RepositoryCall, type Route, textOf } from '../route.ts';
import { fullName, type Json } from '../world.ts';

const READ = { as: 'repository', permission: 'contents', level: 'read' } as const;

export const contentRoutes: readonly Route[] = [
  { operation: 'repos/get-content', ...READ, handle: getContent },
  { operation: 'git/get-tree', ...READ, handle: getTree },
];

/** Larger files have no `content` in JSON. */
const MAX_CONTENT = 1_048_576;
const MAX_ENTRIES = 1000;
/** https://docs.github.com/rest/git/trees#get-a-tree */
const MAX_TREE = 100_000;

async function getContent(call: RepositoryCall): Promise<Answer> {
  const { repository, parameters } = call;
  const ref = textOf(parameters, 'ref') ?? repository.defaultBranch;
  const path = (textOf(parameters, 'path') ?? '').replace(/^\/+|\/+$/g, '');
  const commit = await repository.git.commit(ref);
  if (commit === null) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const listed = await repository.git.read(`${commit.tree}:${path}`);
  if (listed === null) throw notFound();
  if (listed.type === 'tree') {
    const entries = ((await repository.git.tree(listed.oid)) ?? []).slice(0, MAX_ENTRIES);
    const below = path === '' ? '' : `${path}/`;
    return {
      status: 200,
      body: entries.map((entry) => entryJson(call, { ref, path: `${below}${entry.name}` }, entry)),
    };
  }
  const { bytes } = listed;
  const entry = await entryAt(call, commit.tree, path);
  const small = bytes.length <= MAX_CONTENT;
  const body = {
    ...entryJson(call, { ref, path }, entry),
    size: bytes.length,
    ...(entry.mode === '120000'
      ? { target: bytes.toString() }
      : { encoding: small ? 'base64' : 'none', content: small ? bytes.toString('base64') : '' }),
  };
  return { status: 200, body };
}

async function entryAt({ repository }: RepositoryCall, tree: string, path: string): Promise<TreeEntry> {
  const [, parent = '', name = ''] = /^(?:(.*)\/)?([^/]+)$/s.exec(path) ?? [];
  const entries = await repository.git.tree(parent === '' ? tree : `${tree}:${parent}`);
  const entry = entries?.find((one) => one.name === name);
  if (entry === undefined) throw notFound();
  return entry;
}

const TYPES: Readonly<Record<string, string>> = {
  '040000': 'dir',
  '120000': 'symlink',
  '160000': 'submodule',
};

interface Location {
  readonly ref: string;
  readonly path: string;
}

function entryJson({ world, repository }: RepositoryCall, { ref, path }: Location, entry: TreeEntry): Json {
  const api = repositoryUrl(world, repository);
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  const url = `${api}/contents/${escaped}?ref=${encodeURIComponent(ref)}`;
  const web = `${world.url}/${fullName(repository)}`;
  const html = `${web}/blob/${encodeURIComponent(ref)}/${escaped}`;
  const git = `${api}/git/${entry.type}s/${entry.oid}`;
  const type = TYPES[entry.mode] ?? 'file';
  return {
    name: entry.name,
    path,
    sha: entry.oid,
    size: 0,
    type,
    url,
    html_url: html,
    git_url: git,
    download_url: type === 'dir' ? null : `${web}/raw/${encodeURIComponent(ref)}/${escaped}`,
    _links: { self: url, git, html },
  };
}

async function getTree({ world, repository, parameters }: RepositoryCall): Promise<Answer> {
  const found = await repository.git.read(`${textOf(parameters, 'tree_sha')}^{tree}`);
  if (found === null) throw notFound();
  const url = `${repositoryUrl(world, repository)}/git`;
  // Any value asks for it, "0" and "false" too.
  const entries = await repository.git.listTree(found.oid, parameters.recursive !== undefined);
  const tree = entries.slice(0, MAX_TREE).map(({ path, mode, type, oid, size }) => ({
    path,
    mode,
    type,
    sha: oid,
    ...(size === null ? {} : { size }),
    url: `${url}/${type}s/${oid}`,
  }));
  const body = {
    sha: found.oid,
    url: `${url}/trees/${found.oid}`,
    tree,
    truncated: entries.length > MAX_TREE,
  };
  return { status: 200, body };
}
