import type { DeployTarget } from '../config/config.ts';
import type { RenderInput } from './render-input.ts';

const MINUTE = 60;

/** How long a deploy waits for somebody's approval. */
const APPROVAL = 7 * 24 * 60 * MINUTE;

/** A deploy that says nothing. Helm alone would wait five minutes, and as long again to roll back. */
const DEPLOY = 15 * MINUTE;

/** How long what a run left in a shared claim may take to remove. */
export const CLEAN_UP = 10 * MINUTE;

/** Seconds from clone to image: what the config asks for, at most what the operator allows. */
export function stagesTimeout({ run, settings }: RenderInput): number {
  return Math.min(run.project.timeout, settings.timeout);
}

/** Seconds that the task of a deploy may take. */
export function deployTimeout(target: DeployTarget, { settings }: RenderInput): number {
  return Math.min(target.timeout ?? DEPLOY, settings.timeout);
}

/**
 * Helm's own limit for a deploy that may take so many seconds. Helm waits once for the new release and, when that fails, as long again
 * for the old one; both must end before Tekton kills it, which would leave the release pending.
 */
export function helmTimeout(seconds: number): number {
  return Math.max(1, Math.floor((seconds - Math.min(MINUTE, seconds / 2)) / 2));
}

/** Seconds that a deploy waits for its target: for an approval, or for the deploys before it. */
export function turnTimeout({ approve }: DeployTarget, { settings }: RenderInput): number {
  return approve ? APPROVAL : settings.timeout;
}

/** Seconds of all tasks together. Deploys come on top of the stages, or a slow test would have a deploy killed. */
export function runTimeout(input: RenderInput): number {
  const deploys = input.run.project.deploy.map(
    (target) => turnTimeout(target, input) + deployTimeout(target, input),
  );
  return stagesTimeout(input) + Math.max(0, ...deploys);
}
