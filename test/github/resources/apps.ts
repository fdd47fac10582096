import { appJson, installationJson } from '../account-json.ts';
import { notFound, Refusal } from '../answer.ts';
import { allows, covers, mintToken } from '../credentials.ts';
import { repositoryJson } from '../repository-json.ts';
import { type AppCall, numberOf, pageOf, type Route } from '../route.ts';
import {
  findRepository,
  type Installation,
  installationOn,
  type Permissions,
  type Repository,
  timestamp,
} from '../world.ts';

export const appRoutes: readonly Route[] = [
  {
    operation: 'apps/get-authenticated',
    as: 'app',
    handle: ({ world, app }) => {
      const installed = [...world.installations.values()].filter((one) => one.app === app);
      return { status: 200, body: { ...appJson(world, app), installations_count: installed.length } };
    },
  },
  {
    operation: 'apps/list-installations',
    as: 'app',
    handle: (call) => {
      const { world, app } = call;
      const all = [...world.installations.values()].filter((one) => one.app === app);
      const { items, headers } = pageOf(call, `${world.url}/api/v3/app/installations`, all);
      return { status: 200, headers, body: items.map((one) => installationJson(world, one)) };
    },
  },
  {
    operation: 'apps/get-installation',
    as: 'app',
    handle: (call) => ({ status: 200, body: installationJson(call.world, installationOf(call)) }),
  },
  {
    operation: 'apps/get-repo-installation',
    as: 'app',
    handle: ({ world, app, parameters }) => {
      const repository = findRepository(world, `${parameters.owner}/${parameters.repo}`);
      const installation = repository && installationOn(world, app, repository.owner);
      if (installation === undefined) throw notFound();
      return { status: 200, body: installationJson(world, installation) };
    },
  },
  { operation: 'apps/create-installation-access-token', as: 'app', handle: createToken },
  {
    operation: 'apps/list-repos-accessible-to-installation',
    as: 'installation',
    handle: (call) => {
      const { world, token } = call;
      const all = [...world.repositories.values()].filter((repository) => covers(token, repository));
      const { items, headers } = pageOf(call, `${world.url}/api/v3/installation/repositories`, all);
      const repositories = items.map((repository) => repositoryJson(world, repository));
      return { status: 200, headers, body: { total_count: all.length, repositories } };
    },
  },
];

function installationOf({ world, app, parameters }: AppCall): Installation {
  const installation = world.installations.get(numberOf(parameters, 'installation_id') ?? 0);
  if (installation?.app !== app) throw notFound();
  return installation;
}

function createToken(call: AppCall) {
  const installation = installationOf(call);
  const chosen = chosenRepositories(call, installation);
  const asked = (call.body.permissions ?? installation.app.permissions) as Permissions;
  for (const [name, level] of Object.entries(asked)) {
    if (!allows(installation.app.permissions, name, level)) {
      throw new Refusal(422, 'The permissions requested are not granted to this installation.');
    }
  }
  const permissions = { ...asked, metadata: 'read' } as const;
  const repositoryIds = chosen?.map(({ id }) => id) ?? null;
  const token = mintToken(call.world, installation, { permissions, repositoryIds });
  const body = {
    token: token.text,
    expires_at: timestamp(token.expiresAt),
    permissions,
    repository_selection: chosen === null ? 'all' : 'selected',
    ...(chosen && { repositories: chosen.map((repository) => repositoryJson(call.world, repository)) }),
  };
  return { status: 201, body };
}

function chosenRepositories({ world, body }: AppCall, { account }: Installation): Repository[] | null {
  if (body.repositories === undefined && body.repository_ids === undefined) return null;
  const own = [...world.repositories.values()].filter(({ owner }) => owner === account);
  const find = (fits: (repository: Repository) => boolean) => {
    const found = own.find(fits);
    if (found !== undefined) return found;
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  };
  // Both are valid by the description: lists of names and of numbers.
  const names = (body.repositories ?? []) as string[];
  const ids = (body.repository_ids ?? []) as number[];
  return [
    ...names.map((name) => find((one) => one.name.toLowerCase() === name.toLowerCase())),
    ...ids.map((id) => find((one) => one.id === id)),
  ];
}
