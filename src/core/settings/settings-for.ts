import picomatch from 'picomatch';
import { layerRepository, layerShared } from './layer-settings.ts';
import type { OperatorSettings, RepositoryRule, RepositorySettings } from './settings.ts';

/**
 * What the settings mean for a repository (`owner/name`): every entry of `repositories` that matches, from the least
 * specific to the most specific one, over the settings for all. Letters of either case are the same, as on GitHub.
 */
export function settingsFor(settings: OperatorSettings, repository: string): RepositorySettings {
  const { pullPolicy, startTimeout, limits } = settings;
  const forAll: RepositorySettings = {
    ...layerShared(settings, {}),
    pullPolicy,
    startTimeout,
    limits: { perRepository: limits.perRepository },
    secrets: {},
  };
  return matching(settings.repositories, repository).reduce(
    (layered, { overrides }) => layerRepository(layered, overrides),
    forAll,
  );
}

/** The entries that match, the most specific one last: by kind, then by length, then by their order in the file. */
function matching(rules: readonly RepositoryRule[], repository: string): RepositoryRule[] {
  return rules
    .filter(({ pattern }) => matches(pattern, repository))
    .toSorted((a, b) => kindOf(a.pattern) - kindOf(b.pattern) || a.pattern.length - b.pattern.length);
}

function matches(pattern: string, repository: string): boolean {
  const glob = pattern === '*' ? '*/*' : pattern;
  // Names of repositories may start with a dot; nothing but `*` and `?` has a meaning in a pattern.
  return picomatch(glob, { dot: true, nocase: true, nobrace: true, nobracket: true, noextglob: true })(
    repository,
  );
}

/** 0 for a pattern of owners, 1 for one of an owner's repositories, 2 for a repository. */
function kindOf(pattern: string): number {
  const [owner = ''] = pattern.split('/');
  if (/[*?]/.test(owner)) return 0;
  return /[*?]/.test(pattern) ? 1 : 2;
}
