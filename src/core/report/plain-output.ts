import type { CheckOutput } from './check.ts';
import { plain } from './markdown.ts';

/** What the check says of a commit that has nothing to run. */
export function skippedOutput(reason: string): CheckOutput {
  return { title: 'Skipped', summary: plain(reason), annotations: [] };
}

/** What the check says of a commit that cannot be run as it is; `advice` says how to mend it. */
export function refusedOutput(advice: string): CheckOutput {
  return { title: 'This commit cannot be run', summary: plain(advice), annotations: [] };
}
