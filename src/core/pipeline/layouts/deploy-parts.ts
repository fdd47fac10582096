import type { DeployTarget } from '../../config/config.ts';
import { deployServiceAccount } from '../deploy-identity.ts';
import { partName } from '../names.ts';
import type { PipelineTask } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import type { StageStep } from '../stage-step.ts';
import { DIGEST_PARAM, renderDeploy } from '../stages/deploy.ts';
import { pushes } from '../stages/image.ts';
import { itsTurn, renderTurn, turnTaskName } from '../stages/turn.ts';
import type { StepPlace } from '../step-context.ts';
import { deployTimeout } from '../timeouts.ts';
import type { TaskPart } from './task-part.ts';

export interface DeployLayout {
  /** The task that builds the image. */
  readonly imageTask: string;
  /** What a deploy's task does before it deploys. */
  before(place: StepPlace, target: DeployTarget): readonly StageStep[];
}

/** One task for each target, all after the stages and each by itself: they wait for their own targets only. */
export function deployParts(input: RenderInput, { imageTask, before }: DeployLayout): TaskPart[] {
  return input.run.project.deploy.map((target) => {
    const task = partName('deploy', target.to);
    const place = { input, task };
    const digest = { name: DIGEST_PARAM, value: `$(tasks.${imageTask}.results.IMAGE_DIGEST)` };
    return {
      name: task,
      runAfter: [turnTaskName(target)],
      when: [itsTurn(target)],
      params: pushes(input) ? [digest] : [],
      steps: [...before(place, target), renderDeploy(target, place)],
      timeout: deployTimeout(target, input),
      services: false,
      serviceAccount: deployServiceAccount(input),
    };
  });
}

/** The turns of all targets, which wait for the stages before them. */
export function turns(input: RenderInput, runAfter: readonly string[]): PipelineTask[] {
  return input.run.project.deploy.map((target) => renderTurn(target, input, runAfter));
}
