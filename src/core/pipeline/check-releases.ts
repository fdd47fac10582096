import { UserError } from '../user-error.ts';
import type { RenderInput } from './render-input.ts';
import { deployPlace } from './stages/deploy.ts';

/** Throws a `UserError` when two targets with a chart would be one release: they would undo each other's deploys. */
export function checkReleases(input: RenderInput): void {
  const seen = new Map<string, string>();
  for (const target of input.run.project.deploy) {
    if (target.chart === undefined) continue;
    const { namespace, release } = deployPlace(target, input);
    const other = seen.get(`${namespace}/${release}`);
    if (other !== undefined) {
      throw new UserError(
        'same-release',
        `The targets ${other} and ${target.to} are both the release ${release} in the namespace ${namespace}: give one of them a \`namespace\` or a \`release\``,
      );
    }
    seen.set(`${namespace}/${release}`, target.to);
  }
}
