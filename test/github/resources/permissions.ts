import { accountJson } from '../account-json.ts';
import { notFound } from '../answer.ts';
import { type RepositoryCall, type Route, textOf } from '../route.ts';
import type { Json, Level, Repository } from '../world.ts';

export const permissionRoutes: readonly Route[] = [
  {
    operation: 'repos/get-collaborator-permission-level',
    as: 'repository',
    permission: 'metadata',
    level: 'read',
    handle: (call) => {
      const user = call.world.accounts.get((textOf(call.parameters, 'username') ?? '').toLowerCase());
      if (user === undefined) throw notFound();
      const permission = permissionOf(call.repository, user.login);
      const body: Json = {
        permission,
        role_name: permission,
        user: collaboratorJson(call, permission, user.login),
      };
      return { status: 200, body };
    },
  },
];

function permissionOf(repository: Repository, login: string): Level | 'none' {
  if (repository.owner.login.toLowerCase() === login.toLowerCase()) return 'admin';
  return repository.collaborators.get(login) ?? (repository.private ? 'none' : 'read');
}

function collaboratorJson({ world }: RepositoryCall, permission: Level | 'none', login: string): Json | null {
  const user = world.accounts.get(login.toLowerCase());
  if (user === undefined) return null;
  const has = (levels: readonly string[]) => levels.includes(permission);
  return {
    ...accountJson(world, user),
    role_name: permission,
    permissions: {
      pull: has(['read', 'write', 'admin']),
      triage: has(['write', 'admin']),
      push: has(['write', 'admin']),
      maintain: has(['admin']),
      admin: has(['admin']),
    },
  };
}
