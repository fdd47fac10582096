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
}

export interface ComputeResources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface PipelineSpec {
  readonly params?: readonly { readonly name: string; readonly type?: string; readonly default?: string }[];
  readonly workspaces?: readonly { readonly name: string }[];
  readonly tasks: readonly PipelineTask[];
  readonly results?: readonly { readonly name: string; readonly value: string }[];
}

export interface PipelineTask {
  readonly name: string;
  readonly runAfter?: readonly string[];
  /** Go duration, as in `1h0m0s`. */
  readonly timeout?: string;
  readonly params?: readonly Param[];
  readonly workspaces?: readonly {
    readonly name: string;
    readonly workspace: string;
    readonly subPath?: string;
  }[];
  readonly taskSpec: TaskSpec;
}

export interface TaskSpec {
  readonly params?: readonly { readonly name: string; readonly type?: string; readonly default?: string }[];
  readonly workspaces?: readonly { readonly name: string; readonly optional?: boolean }[];
  readonly results?: readonly { readonly name: string; readonly description?: string }[];
  readonly steps: readonly TaskStep[];
}

export interface TaskStep {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly script?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly workingDir?: string;
  /** Go duration. */
  readonly timeout?: string;
  readonly onError?: 'continue' | 'stopAndFail';
  readonly securityContext?: Readonly<Record<string, unknown>>;
  /** Workspaces that only the steps naming them can see. */
  readonly workspaces?: readonly { readonly name: string }[];
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

export interface WorkspaceBinding {
  readonly name: string;
  readonly subPath?: string;
  readonly emptyDir?: Readonly<Record<string, never>>;
  readonly secret?: { readonly secretName: string };
}
