import { hasContainers } from './here.ts';
import type { PreparedRuns } from './prepare-runs.ts';

/** What runs, and on which runtime and why, in one line. */
export function headline({ snapshot, ref, here }: PreparedRuns): string {
  const sha = snapshot.sha.slice(0, 7);
  const commit = snapshot.clean ? sha : `the working tree as it is (${sha})`;
  const images = hasContainers(here) ? '' : ', so images are not used';
  return `tekton-ci: ${ref.kind} ${ref.name}, ${commit}; runtime ${here.runtime.name} (${here.because})${images}`;
}
