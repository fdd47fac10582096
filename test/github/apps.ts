import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Account,
  type App,
  account,
  type Installation,
  installationOn,
  type Permissions,
  type World,
} from './world.ts';

export interface NewApp {
  readonly slug?: string;
  readonly webhookSecret: string;
  readonly webhookUrl?: string;
  readonly permissions?: Permissions;
  readonly events?: readonly string[];
}

/** What `app.yml` asks for. */
const PERMISSIONS: Permissions = {
  checks: 'write',
  contents: 'read',
  deployments: 'write',
  issues: 'write',
  merge_queues: 'read',
  metadata: 'read',
  pull_requests: 'write',
};
const EVENTS = [
  'push',
  'pull_request',
  'issue_comment',
  'merge_group',
  'check_run',
  'check_suite',
  'repository',
];

/** Registers an app with a new key and installs it on every account that has repositories. */
export async function createApp(world: World, options: NewApp): Promise<{ app: App; privateKey: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const id = world.nextId();
  const app: App = {
    id,
    clientId: `Iv23li${String(id).padStart(14, '0')}`,
    slug: options.slug ?? 'tekton-ci',
    owner: account(world, 'app-owner', 'Organization'),
    publicKey,
    permissions: options.permissions ?? PERMISSIONS,
    events: options.events ?? EVENTS,
    createdAt: world.now(),
    webhook: { url: options.webhookUrl ?? null, secret: options.webhookSecret },
  };
  world.apps.set(id, app);
  for (const { owner, installs } of world.repositories.values()) if (installs) install(world, app, owner);
  return { app, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}

/** Installs an app on an account, once. */
export function install(world: World, app: App, owner: Account): Installation {
  const known = installationOn(world, app, owner);
  if (known !== undefined) return known;
  const installation = { id: world.nextId(), app, account: owner, createdAt: world.now() };
  world.installations.set(installation.id, installation);
  return installation;
}
