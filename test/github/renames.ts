import type { Answer } from './answer.ts';
import { findRepository, fullName, type Repository, type World } from './world.ts';

/** The repository that once had this name, unless another one has it now. */
export function formerly(world: World, name: string): Repository | undefined {
  return findRepository(world, name) ?? world.formerNames.get(name.toLowerCase());
}

/**
 * Where GitHub sends who asks for a repository by an older name: to its address by id. Reads are moved for good; what has a body is sent
 * again as it was. https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 */
export function movedAnswer(world: World, method: string, url: URL): Answer | null {
  const [, name, rest = ''] = /^\/api\/v3\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  if (name === undefined || findRepository(world, name) !== undefined) return null;
  const repository = world.formerNames.get(name.toLowerCase());
  if (repository === undefined) return null;
  const location = `${world.url}/api/v3/repositories/${repository.id}${rest}${url.search}`;
  const status = method === 'GET' ? 301 : 307;
  return { status, headers: { location }, body: { message: 'Moved Permanently', url: location } };
}

/** A path by a repository's id, as one by its name. */
export function byName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = [...world.repositories.values()].find((one) => String(one.id) === id);
  return repository === undefined ? path : `/repos/${fullName(repository)}${rest}`;
}
