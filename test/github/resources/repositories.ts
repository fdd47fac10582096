import { repositoryJson } from '../repository-json.ts';
import type { Route } from '../route.ts';

export const repositoryRoutes: readonly Route[] = [
  {
    operation: 'repos/get',
    as: 'repository',
    permission: 'metadata',
    level: 'read',
    handle: ({ world, repository }) => ({ status: 200, body: repositoryJson(world, repository) }),
  },
];
