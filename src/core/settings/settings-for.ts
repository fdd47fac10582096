import { DEFAULT_SETTINGS } from './default-settings.ts';
import type { OperatorSettings, RepositorySettings } from './settings.ts';

/** What the settings mean for a repository (`owner/name`). */
export function settingsFor(settings: OperatorSettings, repository: string): RepositorySettings {
  const { keep: _k, bots: _b, repositories: _r, ...rest } = settings;
  void repository;
  return { ...rest, secrets: {} };
}
void DEFAULT_SETTINGS;
