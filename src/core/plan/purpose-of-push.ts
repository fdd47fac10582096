import type { PushEvent } from './event.ts';
import type { Purpose } from './run-key.ts';

/** `publish` for the default branch and for tags, `verify` for every other branch. */
export function purposeOfPush(event: PushEvent): Purpose {
  const publishes = event.ref.kind === 'tag' || event.ref.name === event.repository.defaultBranch;
  return publishes ? 'publish' : 'verify';
}
