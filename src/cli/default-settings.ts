import { DEFAULT_SETTINGS } from '../core/settings/default-settings.ts';
import type { RepositorySettings } from '../core/settings/settings.ts';
import { settingsFor } from '../core/settings/settings-for.ts';
import type { RepositoryNames } from './repository-names.ts';
import { LOCAL_SECRETS } from './store-secrets.ts';

/** The settings where no operator decides: every default, and each of these secrets as a key of one Secret. */
export function defaultSettings(
  { owner, name }: RepositoryNames,
  secrets: readonly string[],
): RepositorySettings {
  const given = secrets.map((secret) => [secret, { name: LOCAL_SECRETS.values, key: secret }] as const);
  return { ...settingsFor(DEFAULT_SETTINGS, `${owner}/${name}`), secrets: Object.fromEntries(given) };
}
