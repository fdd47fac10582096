import type { InfrastructureReason } from '../pipeline/run-status.ts';

/** What a reason means to people, and what they can do about it. */
export interface InfrastructureHint {
  /** Follows a colon. */
  readonly sentence: string;
  readonly hint: string;
  /** The repository's own `.tekton-ci.yml` may be what is wrong. */
  readonly byConfig: boolean;
}

/** Null for a reason that is not known: the set is open, and the detail stands for itself. */
export function infrastructureHint(reason: InfrastructureReason): InfrastructureHint | null {
  return BY_REASON.get(reason) ?? null;
}

/** The reason as a title has it: in words, and as the servers spell it, which is what people search for. */
export function infrastructureTitle(reason: InfrastructureReason): string {
  const known = infrastructureHint(reason);
  return known === null ? reason : `${known.sentence} (${reason})`;
}

interface Group extends InfrastructureHint {
  readonly reasons: readonly InfrastructureReason[];
}

/**
 * Reasons of TaskRuns and PipelineRuns: https://tekton.dev/docs/pipelines/taskruns/#monitoring-execution-status
 * Of disruptions: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions
 */
const GROUPS: readonly Group[] = [
  {
    reasons: [
      'PullImageFailed',
      'TaskRunImagePullFailed',
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImageNeverPull',
      'InvalidImageName',
    ],
    sentence: 'an image cannot be pulled',
    hint: 'Check the name and tag of the image in .tekton-ci.yml (use, services, the version of the toolchain). A private image needs podTemplate.imagePullSecrets in the operator settings, and pullPolicy there must let nodes pull.',
    byConfig: true,
  },
  {
    reasons: ['CreateContainerConfigError'],
    sentence: 'a container lacks something',
    hint: 'A Secret, or its key, is made by the operator in the namespace of the runs; the operator settings name it (secrets, dockerconfig, deploy). An image that runs as root needs a user of its own.',
    byConfig: true,
  },
  {
    reasons: ['CreateContainerError', 'RunContainerError'],
    sentence: 'a container cannot be started',
    hint: 'The image may lack what its container is started with; the events of the pod tell the operator more.',
    byConfig: true,
  },
  {
    reasons: ['Unschedulable', 'ExceededNodeResources', 'SchedulingGated'],
    sentence: 'no node can take the pod',
    hint: 'The text above says why: a claim that does not exist (storage and cache in the operator settings), a podTemplate that no node fits, or more cpu and memory asked for (resources) than any node has free.',
    byConfig: true,
  },
  {
    reasons: ['FailedMount'],
    sentence: 'a volume is not there',
    hint: 'What the text above names has to exist in the namespace of the runs; the operator settings name it (dockerconfig, git, deploy, storage, cache). The events of the pod tell the operator which one is missing.',
    byConfig: false,
  },
  {
    reasons: ['NotPickedUp'],
    sentence: 'Tekton has not begun with the run',
    hint: "Is Tekton's controller running? The operator looks at its pods and their logs; the run goes on by itself when it is back in time.",
    byConfig: false,
  },
  {
    reasons: ['ExceededResourceQuota'],
    sentence: 'the quota of the namespace is used up',
    hint: 'Runs that end make room. If none is running, the operator raises the quota, or lowers resources or limits in the operator settings.',
    byConfig: false,
  },
  {
    reasons: ['PodCreationFailed', 'CreateRunFailed'],
    sentence: 'the pod cannot be made',
    hint: 'The operator checks that the service account of the operator settings (serviceAccount, deploy) exists in the namespace of the runs, and that nothing there refuses the pod: pod security, an admission webhook, a quota.',
    byConfig: false,
  },
  {
    reasons: [
      'PodAdmissionFailed',
      'UnexpectedAdmissionError',
      'OutOfcpu',
      'OutOfmemory',
      'OutOfpods',
      'NodeAffinity',
    ],
    sentence: 'the node refused the pod',
    hint: 'The node had no room left when the pod came to it. Run it again.',
    byConfig: false,
  },
  {
    reasons: ['CouldntCreateWorkspacePVC'],
    sentence: 'the volume of the run cannot be made',
    hint: 'The operator checks storage in the operator settings: its class must exist, and its size fit the quota.',
    byConfig: false,
  },
  {
    reasons: ['ServiceNotReady'],
    sentence: 'a service is not ready',
    hint: 'Steps start when every service is ready. Check image, env and ready of the service in .tekton-ci.yml.',
    byConfig: true,
  },
  {
    reasons: ['SidecarFailed', 'SidecarOOM'],
    sentence: 'a service ended',
    hint: 'Check image, env and resources of the service in .tekton-ci.yml.',
    byConfig: true,
  },
  {
    reasons: ['InitContainerFailed', 'InitContainerOOM'],
    sentence: 'the pod cannot be prepared',
    hint: "Tekton's own containers failed before the first step; their logs are in the pod.",
    byConfig: false,
  },
  {
    reasons: [
      'EvictionByEvictionAPI',
      'Evicted',
      'PodEvicted',
      'PreemptionByScheduler',
      'TerminationByKubelet',
      'Preempting',
    ],
    sentence: 'the pod was evicted',
    hint: 'Its node was emptied, or short of memory or disk, or the place was needed for something more important. Run it again.',
    byConfig: false,
  },
  {
    reasons: [
      'DeletionByTaintManager',
      'DeletionByPodGC',
      'NodeLost',
      'NodeShutdown',
      'Terminated',
      'Shutdown',
    ],
    sentence: 'the node was lost',
    hint: 'It was shut down, or does not answer. Run it again.',
    byConfig: false,
  },
  {
    reasons: ['PodDeleted', 'PodTerminated'],
    sentence: 'the pod was ended from outside',
    hint: 'Somebody deleted it, or its node was emptied. Run it again.',
    byConfig: false,
  },
  {
    reasons: ['PipelineValidationFailed'],
    sentence: 'Tekton cannot go on with the run',
    hint: 'Most often a step ended well without writing the result that a later one needs, as an image builder of the operator settings may.',
    byConfig: false,
  },
];

const BY_REASON: ReadonlyMap<InfrastructureReason, InfrastructureHint> = new Map(
  GROUPS.flatMap(({ reasons, ...hint }) => reasons.map((reason) => [reason, hint] as const)),
);
