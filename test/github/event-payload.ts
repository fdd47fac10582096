import { accountJson } from './account-json.ts';
import { example } from './examples.ts';
import { repositoryJson } from './repository-json.ts';
import { type Account, type Installation, type Json, nodeId, type Repository, type World } from './world.ts';

export interface EventContent {
  readonly event: string;
  readonly action?: string;
  readonly repository: Repository;
  readonly sender: Account;
  /** What the event is about, by the names that GitHub uses. */
  readonly fields: Json;
}

/** A payload as GitHub sends it: its own example, with everything in it made true. */
export function eventPayload(world: World, content: EventContent, installation: Installation): Json {
  const { event, action, repository, sender, fields } = content;
  const { organization: _, enterprise: __, ...rest } = example(event, (one) => one.action === action);
  const { id, account } = installation;
  return {
    ...rest,
    ...(action === undefined ? {} : { action }),
    repository: repositoryJson(world, repository),
    ...(account.type === 'Organization' && { organization: organizationJson(world, account) }),
    sender: accountJson(world, sender),
    installation: { id, node_id: nodeId('IntegrationInstallation', id) },
    ...fields,
  };
}

function organizationJson(world: World, { id, login }: Account): Json {
  const url = `${world.url}/api/v3/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('Organization', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${id}`,
    description: null,
  };
}
