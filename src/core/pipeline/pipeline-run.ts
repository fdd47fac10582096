/**
 * The part of Tekton's `tekton.dev/v1` PipelineRun that we render and execute.
 * https://tekton.dev/docs/pipelines/pipeline-api/#tekton.dev/v1.PipelineRun
 */
export interface PipelineRun {
  readonly apiVersion: 'tekton.dev/v1';
  readonly kind: 'PipelineRun';
  readonly metadata: ObjectMeta;
  readonly spec: PipelineRunSpec;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PipelineRunSpec {
  readonly params?: readonly Param[];
  readonly workspaces?: readonly WorkspaceBinding[];
  readonly timeouts?: { readonly pipeline?: string; readonly tasks?: string; readonly finally?: string };
  readonly taskRunTemplate?: { readonly serviceAccountName?: string; readonly podTemplate?: PodTemplate };
  readonly taskRunSpecs?: readonly TaskRunSpec[];
  readonly pipelineSpec: PipelineSpec;
}

export interface PodTemplate {
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly [field: string]: unknown;
}

export interface TaskRunSpec {
  readonly pipelineTaskName: string;
  readonly serviceAccountName?: string;
  readonly computeResources?: ComputeResources;
  /** Its fields replace those of the run's, list by list. */
  readonly podTemplate?: PodTemplate;
}

export interface ComputeResources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface PipelineSpec {
  readonly params?: readonly ParamSpec[];
  readonly workspaces?: readonly { readonly name: string }[];
  readonly tasks: readonly PipelineTask[];
  /** Run after all others, whatever became of them. */
  readonly finally?: readonly EmbeddedTask[];
  readonly results?: readonly { readonly name: string; readonly value: string }[];
}

export interface ParamSpec {
  readonly name: string;
  readonly type?: string;
  readonly default?: string;
}

export type PipelineTask = EmbeddedTask | CustomTask;

interface AnyTask {
  readonly name: string;
  readonly runAfter?: readonly string[];
  /** Go duration, as in `1h0m0s`. */
  readonly timeout?: string;
  readonly params?: readonly Param[];
  /** All must hold, or the task is skipped. */
  readonly when?: readonly WhenExpression[];
}

export interface WhenExpression {
  readonly input: string;
  readonly operator: 'in' | 'notin';
  readonly values: readonly string[];
}

export interface EmbeddedTask extends AnyTask {
  readonly workspaces?: readonly {
    readonly name: string;
    readonly workspace: string;
    readonly subPath?: string;
  }[];
  readonly retries?: number;
  readonly onError?: 'continue' | 'stopAndFail';
  readonly taskSpec: TaskSpec;
}

/**
 * A task without a pod, answered by whoever knows its kind: Tekton makes a `CustomRun` and waits for its status.
 * https://tekton.dev/docs/pipelines/customruns/
 */
export interface CustomTask extends AnyTask {
  readonly taskRef: { readonly apiVersion: string; readonly kind: string; readonly name?: string };
}

export interface TaskSpec {
  readonly params?: readonly ParamSpec[];
  readonly workspaces?: readonly {
    readonly name: string;
    readonly optional?: boolean;
    readonly readOnly?: boolean;
    readonly mountPath?: string;
  }[];
  readonly results?: readonly { readonly name: string; readonly description?: string }[];
  readonly volumes?: readonly Volume[];
  readonly stepTemplate?: { readonly env?: readonly EnvVar[] };
  readonly sidecars?: readonly Sidecar[];
  readonly steps: readonly TaskStep[];
}

export interface Volume {
  readonly name: string;
  readonly emptyDir?: Readonly<Record<string, never>>;
  readonly secret?: {
    readonly secretName: string;
    readonly items?: readonly KeyToPath[];
    readonly optional?: boolean;
  };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly projected?: { readonly sources: readonly Readonly<Record<string, unknown>>[] };
}

export interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly script?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly workingDir?: string;
  readonly volumeMounts?: readonly VolumeMount[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly computeResources?: ComputeResources;
}

export interface TaskStep extends Container {
  /** Go duration. */
  readonly timeout?: string;
  readonly onError?: 'continue' | 'stopAndFail';
  /** Workspaces that only the steps naming them can see. */
  readonly workspaces?: readonly { readonly name: string }[];
}

/** A service beside the steps. Steps start when every sidecar is ready. */
export interface Sidecar extends Container {
  readonly readinessProbe?: Probe;
}

export interface Probe {
  readonly exec?: { readonly command: readonly string[] };
  readonly tcpSocket?: { readonly port: number };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

export interface Param {
  readonly name: string;
  readonly value: string;
}

/** Exactly one source. */
export interface WorkspaceBinding {
  readonly name: string;
  readonly subPath?: string;
  readonly emptyDir?: Readonly<Record<string, never>>;
  readonly secret?: { readonly secretName: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly volumeClaimTemplate?: {
    readonly spec: {
      readonly accessModes: readonly string[];
      readonly storageClassName?: string;
      readonly resources: { readonly requests: Readonly<Record<string, string>> };
    };
  };
}
