import type { PodTemplate as OperatorPodTemplate } from '../settings/settings.ts';
import type { PodTemplate } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';
import { serviceAliases } from './services.ts';

/** What all pods of a run have in common: the operator's wishes, and no token of a service account. */
export function podTemplate({ settings }: RenderInput): PodTemplate {
  const { nodeSelector, tolerations, imagePullSecrets, hostAliases, ...rest } = settings.podTemplate;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...rest,
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...(hostAliases.length === 0 ? {} : { hostAliases }),
  } satisfies Partial<Record<keyof OperatorPodTemplate, unknown>> & PodTemplate;
}

/** What the pod of a task with services has besides. A list of its own replaces the run's, so that is repeated. */
export function servicePodTemplate(input: RenderInput): PodTemplate | undefined {
  const aliases = serviceAliases(input);
  if (aliases.length === 0) return undefined;
  return { hostAliases: [...input.settings.podTemplate.hostAliases, ...aliases] };
}
