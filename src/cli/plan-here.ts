import type { ResolvedProject } from '../core/config/resolved-project.ts';
import { STAGES, type Stage, type StepRef } from '../core/pipeline/run.ts';
import type { PlannedRun } from '../core/plan/plan.ts';
import { stepLabel } from '../core/report/step-label.ts';
import { type Here, hasContainers } from './here.ts';

export interface PlannedHere {
  /** What of the plan this machine does, with its decisions. */
  readonly plan: PlannedRun;
  /** True when that is nothing. */
  readonly empty: boolean;
  /** What is shown and not done. */
  readonly shown: readonly NotDone[];
  /** What else differs from the server, in words. */
  readonly notes: readonly string[];
}

export interface NotDone extends StepRef {
  /** Why not. */
  readonly because: string;
}

/** Cuts a plan to what was asked for and to what this machine does. Images are never pushed from here. */
export function planHere(plan: PlannedRun, here: Here): PlannedHere {
  const { tests, build, image, deploy, services, secrets, ...rest } = plan.project;
  const does = (stage: Stage) => fateOf(stage, here) === 'done';
  const project: ResolvedProject = {
    ...rest,
    tests,
    ...(build !== undefined && does('build') ? { build } : {}),
    ...(image !== undefined && does('image') ? { image: { ...image, push: 'never' } } : {}),
    deploy: does('deploy') ? deploy : [],
    services: here.services ? services : [],
    secrets: secrets.filter((secret) => isGiven(secret, here)),
  };
  const stages = [project.tests, project.build ?? [], project.image ?? [], project.deploy];
  const notes = notesOf(plan.project, here);
  return {
    plan: { ...plan, project, decisions: [...decisionsHere(plan, here), ...notes] },
    empty: stages.flat().length === 0,
    shown: stepsOf(plan.project).flatMap((step) =>
      fateOf(step.stage, here) === 'shown' ? [{ ...step, because: whyShown(here) }] : [],
    ),
    notes,
  };
}

function whyShown(here: Here): string {
  return hasContainers(here) ? 'not done without --yes' : 'not done here, it needs containers';
}

/** `later`: it comes after what was asked for. */
type Fate = 'done' | 'shown' | 'later';

function fateOf(stage: Stage, here: Here): Fate {
  if (STAGES.indexOf(stage) > STAGES.indexOf(here.until ?? 'deploy')) return 'later';
  if (stage === 'image') return hasContainers(here) ? 'done' : 'shown';
  if (stage === 'deploy') return here.deploys ? 'done' : 'shown';
  return 'done';
}

function stepsOf({ build, image, deploy }: ResolvedProject): StepRef[] {
  return [
    ...(build === undefined ? [] : [{ stage: 'build' } as const]),
    ...(image === undefined ? [] : [{ stage: 'image' } as const]),
    ...deploy.map(({ to }) => ({ stage: 'deploy', variant: to }) as const),
  ];
}

/** The plan's decisions, with those that are other ones on this machine. */
function decisionsHere({ project, decisions }: PlannedRun, here: Here): string[] {
  const others = new Map(stepsOf(project).flatMap((step) => otherDecision(step, here)));
  return decisions.map((decision) => {
    const [label = ''] = decision.split(':');
    const other = others.get(label);
    return other === undefined ? decision : `${label}: ${other}`;
  });
}

function notesOf({ services, secrets }: ResolvedProject, here: Here): string[] {
  const left = here.services ? [] : services.map(({ name }) => name);
  const missing = secrets.filter((secret) => !isGiven(secret, here));
  return [
    ...(left.length === 0 ? [] : [`services: left to you, ${left.join(', ')}`]),
    ...missing.map((name) => `secret ${name}: not given, --secret ${name} gives it`),
  ];
}

function otherDecision(step: StepRef, here: Here): [string, string][] {
  const other = otherReason(step.stage, here);
  return other === null ? [] : [[stepLabel(step), other]];
}

function otherReason(stage: Stage, here: Here): string | null {
  switch (fateOf(stage, here)) {
    case 'later':
      return 'no, it comes after what was asked for';
    case 'shown':
      return whyShown(here);
    case 'done':
      return stage === 'image' ? 'built but not pushed, only the server pushes' : null;
  }
}

function isGiven(secret: string, { secrets }: Here): boolean {
  return secrets.some(({ name }) => name === secret);
}
