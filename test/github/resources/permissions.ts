import { accountJson } from '../account-json.ts';
import { notFound } from '../answer.ts';
import { type RepositoryCall, type Route, textOf } from '../route.ts';
import type { Json, Level, Repository, Role } from '../world.ts';

export const permissionRoutes: readonly Route[] = [
  {
    operation: 'repos/get-collaborator-permission-level',
    as: 'repository',
    permission: 'metadata',
    level: 'read',
    handle: (call) => {
      const user = call.world.accounts.get((textOf(call.parameters, 'username') ?? '').toLowerCase());
      if (user === undefined) throw notFound();
      const role = roleOf(call.repository, user.login);
      const body: Json = {
        permission: PERMISSIONS[role],
        role_name: role,
        user: collaboratorJson(call, role, user.login),
      };
      return { status: 200, body };
    },
  },
];

/** The nearest of the four permissions that there were before there were roles. */
const PERMISSIONS: Readonly<Record<Role | 'none', Level | 'none'>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
};

export function roleOf(repository: Repository, login: string): Role | 'none' {
  if (repository.owner.login.toLowerCase() === login.toLowerCase()) return 'admin';
  return repository.collaborators.get(login) ?? (repository.private ? 'none' : 'read');
}

const ORDER: readonly (Role | 'none')[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

function collaboratorJson({ world }: RepositoryCall, role: Role | 'none', login: string): Json | null {
  const user = world.accounts.get(login.toLowerCase());
  if (user === undefined) return null;
  const atLeast = (other: Role) => ORDER.indexOf(role) >= ORDER.indexOf(other);
  return {
    ...accountJson(world, user),
    role_name: role,
    permissions: {
      pull: atLeast('read'),
      triage: atLeast('triage'),
      push: atLeast('write'),
      maintain: atLeast('maintain'),
      admin: atLeast('admin'),
    },
  };
}
