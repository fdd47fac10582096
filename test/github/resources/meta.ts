import type { Route } from '../route.ts';
import { ENTERPRISE_VERSION } from '../world.ts';

export const metaRoutes: readonly Route[] = [
  {
    operation: 'rate-limit/get',
    as: 'anyone',
    handle: ({ world }) => {
      const reset = Math.floor(world.now().getTime() / 1000) + 3600;
      const rate = { limit: 5000, used: 0, remaining: 5000, reset };
      return { status: 200, body: { rate, resources: { core: rate, search: rate, graphql: rate } } };
    },
  },
  {
    operation: 'meta/get',
    as: 'anyone',
    handle: () => ({
      status: 200,
      body: { verifiable_password_authentication: false, installed_version: ENTERPRISE_VERSION },
    }),
  },
];
