import type { ResolvedProject } from '../config/resolved-project.ts';
import type { ProjectPlan } from './plan.ts';
import type { Purpose, RunKey } from './run-key.ts';

/**
 * Decides the stages of one selected project. `reason` is why it was selected; `key` is its run's.
 * A project without a stage to run is skipped.
 */
export function planProject(project: ResolvedProject, key: RunKey, reason: string): ProjectPlan {
  if (project.tests.length === 0 && project.build === undefined) {
    return { runs: false, name: project.name, reason: 'skipped: test is off and there is no build' };
  }
  return {
    runs: true,
    name: project.name,
    key,
    project,
    decisions: [
      reason,
      ...project.decisions,
      testDecision(project),
      buildDecision(project),
      ...laterStages(project, key.purpose),
    ],
  };
}

function testDecision(project: ResolvedProject): string {
  const variants = project.tests.flatMap(({ variant }) => variant ?? []);
  if (project.tests.length === 0) return 'test: off in the config';
  return variants.length === 0 ? 'test: runs' : `test: runs once for each of ${variants.join(', ')}`;
}

function buildDecision(project: ResolvedProject): string {
  return project.build === undefined ? 'build: no, the config asks for none' : 'build: runs';
}

/** Stages and keys that this version reads, checks and explains, but does not render yet. */
function laterStages(project: ResolvedProject, purpose: Purpose): string[] {
  const pending = [
    project.image === undefined ? [] : ['image'],
    project.deploy.length === 0 ? [] : ['deploy'],
    project.services.length === 0 ? [] : ['services'],
    project.secrets.length === 0 ? [] : ['secrets'],
  ].flat();
  return pending.map((key) => `${key}: no, this version runs clone, test and build only (${purpose})`);
}
