import type { DeployTarget } from '../config/config.ts';
import type { ResolvedProject } from '../config/resolved-project.ts';
import type { ProjectPlan } from './plan.ts';
import { planDeploys } from './plan-deploys.ts';
import { pushImage } from './push-image.ts';
import type { RunKey } from './run-key.ts';

export interface Selected {
  /** Why the project was selected: the first decision. */
  readonly reason: string;
  /** The branch that was pushed; empty for a tag. */
  readonly branch: string;
  /** The project's targets as the default branch has them; absent: as `project` has them. */
  readonly rules?: readonly DeployTarget[];
}

/**
 * Decides the stages of one selected project; `key` is its run's. The planned project is what its run does: without the targets that
 * it does not deploy to, and without secrets when it is untrusted. A project without a stage to run is skipped.
 */
export function planProject(
  project: ResolvedProject,
  key: RunKey,
  { reason, branch, rules = project.deploy }: Selected,
): ProjectPlan {
  const deploys = planDeploys(project.deploy, key, { branch, rules });
  const stages = [project.tests, project.build ?? [], project.image ?? [], deploys.targets];
  if (stages.flat().length === 0) {
    return { runs: false, name: project.name, reason: nothingToRun(deploys.decisions) };
  }
  return {
    runs: true,
    name: project.name,
    key,
    project: { ...project, deploy: deploys.targets, secrets: key.trust === 'trusted' ? project.secrets : [] },
    decisions: [
      reason,
      ...configDecision(key),
      ...project.decisions,
      testDecision(project),
      buildDecision(project),
      ...imageDecision(project, key),
      ...deploys.decisions,
      ...secretsDecision(project, key),
    ],
  };
}

function configDecision({ base }: RunKey): string[] {
  return base === null ? [] : [`config: that of ${base}, the commit's own does not count`];
}

function nothingToRun(deploys: readonly string[]): string {
  const stages = 'skipped: test is off and there is no build';
  return deploys.length === 0 ? stages : `${stages}; ${deploys.join('; ')}`;
}

function testDecision(project: ResolvedProject): string {
  const variants = project.tests.flatMap(({ variant }) => variant ?? []);
  if (project.tests.length === 0) return 'test: off in the config';
  return variants.length === 0 ? 'test: runs' : `test: runs once for each of ${variants.join(', ')}`;
}

function buildDecision(project: ResolvedProject): string {
  return project.build === undefined ? 'build: no, the config asks for none' : 'build: runs';
}

function imageDecision({ image }: ResolvedProject, key: RunKey): string[] {
  if (image === undefined) return [];
  const { push, because } = pushImage(image, key);
  return [`image: built ${push ? 'and pushed' : 'but not pushed'}, ${because}`];
}

function secretsDecision({ secrets }: ResolvedProject, { trust }: RunKey): string[] {
  if (secrets.length === 0 || trust === 'trusted') return [];
  return [`secrets: none, the run is untrusted (${secrets.join(', ')})`];
}
