import {
  type Account,
  type App,
  type Installation,
  type Json,
  nodeId,
  timestamp,
  type World,
} from './world.ts';

/** GitHub's "simple user", which stands for organizations and bots too. */
export function accountJson(world: World, { id, login, type }: Account): Json {
  const url = `${world.url}/api/v3/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${world.url}/avatars/u/${id}`,
    gravatar_id: '',
    url,
    html_url: type === 'Bot' ? `${world.url}/apps/${login.replace('[bot]', '')}` : `${world.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

export function appJson(world: World, app: App): Json {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: accountJson(world, app.owner),
    name: app.slug,
    description: '',
    external_url: 'https://example.com',
    html_url: `${world.url}/github-apps/${app.slug}`,
    created_at: timestamp(app.createdAt),
    updated_at: timestamp(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

export function installationJson(world: World, installation: Installation): Json {
  const { id, app, account, createdAt } = installation;
  return {
    id,
    client_id: app.clientId,
    account: accountJson(world, account),
    repository_selection: 'all',
    access_tokens_url: `${world.url}/api/v3/app/installations/${id}/access_tokens`,
    repositories_url: `${world.url}/api/v3/installation/repositories`,
    html_url: `${world.url}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: app.permissions,
    events: app.events,
    created_at: timestamp(createdAt),
    updated_at: timestamp(createdAt),
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}
