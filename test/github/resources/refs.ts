import { type Answer, notFound } from '../answer.ts';
import { commitJson } from '../commit-json.ts';
import { repositoryUrl } from '../repository-json.ts';
import { pageOf, type RepositoryCall, type Route, textOf } from '../route.ts';
import { fullName, type Json, nodeId } from '../world.ts';

const READ = { as: 'repository', permission: 'contents', level: 'read' } as const;

export const refRoutes: readonly Route[] = [
  { operation: 'repos/list-branches', ...READ, handle: listBranches },
  { operation: 'repos/get-branch', ...READ, handle: getBranch },
  { operation: 'repos/list-tags', ...READ, handle: listTags },
  { operation: 'git/get-ref', ...READ, handle: getRef },
];

async function listBranches(call: RepositoryCall): Promise<Answer> {
  const { world, repository, parameters } = call;
  const url = repositoryUrl(world, repository);
  const refs = [...(await repository.git.refs('refs/heads'))];
  // Nothing is protected here.
  const { items, headers } = pageOf(call, `${url}/branches`, parameters.protected === true ? [] : refs);
  const body = items.map(([ref, sha]) => ({
    name: shortName(ref),
    commit: { sha, url: `${url}/commits/${sha}` },
    protected: false,
  }));
  return { status: 200, headers, body };
}

async function getBranch(call: RepositoryCall): Promise<Answer> {
  const { world, repository, parameters } = call;
  const name = textOf(parameters, 'branch') ?? '';
  const ref = `refs/heads/${name}`;
  const sha = (await repository.git.refs(ref)).get(ref);
  const commit = sha === undefined ? null : await repository.git.commit(sha);
  if (commit === null) throw notFound();
  const url = `${repositoryUrl(world, repository)}/branches/${encodeURIComponent(name)}`;
  const body: Json = {
    name,
    commit: commitJson(call, commit),
    _links: { self: url, html: `${world.url}/${fullName(repository)}/tree/${encodeURIComponent(name)}` },
    protected: false,
    protection: { enabled: false },
    protection_url: `${url}/protection`,
  };
  return { status: 200, body };
}

async function listTags(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const url = repositoryUrl(world, repository);
  const refs = [...(await repository.git.refs('refs/tags'))].reverse();
  const { items, headers } = pageOf(call, `${url}/tags`, refs);
  const body = await Promise.all(
    items.map(async ([ref, oid]) => {
      // An annotated tag is listed with the commit it names.
      const sha = (await repository.git.commit(oid))?.oid ?? oid;
      return {
        name: shortName(ref),
        node_id: nodeId('Ref', ref),
        commit: { sha, url: `${url}/commits/${sha}` },
        zipball_url: `${url}/zipball/${encodeURI(ref)}`,
        tarball_url: `${url}/tarball/${encodeURI(ref)}`,
      };
    }),
  );
  return { status: 200, headers, body };
}

async function getRef({ world, repository, parameters }: RepositoryCall): Promise<Answer> {
  const ref = `refs/${textOf(parameters, 'ref')}`;
  const oid = (await repository.git.refs(ref)).get(ref);
  const found = oid === undefined ? null : await repository.git.read(oid);
  if (found === null) throw notFound();
  const url = repositoryUrl(world, repository);
  const object = { type: found.type, sha: found.oid, url: `${url}/git/${found.type}s/${found.oid}` };
  return {
    status: 200,
    body: { ref, node_id: nodeId('Ref', ref), url: `${url}/git/${encodeURI(ref)}`, object },
  };
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
