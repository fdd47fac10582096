import type { ComputeResources, EmbeddedTask, Probe } from '../core/pipeline/pipeline-run.ts';
import type { RunName, Stage } from '../core/pipeline/run.ts';

/** What makes a process recognisable after a restart of the server; a process id alone is used again by others. */
export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since boot, as text: field 22 of `/proc/<pid>/stat`. */
  readonly startTime: string;
}

/** A folder or file of this machine, and where a container has it. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What a container is made of: a step's, or a service's. */
export interface ContainerLaunch {
  readonly run: RunName;
  readonly task: string;
  /** Of the step or service. */
  readonly name: string;
  readonly image: string;
  /** As in Kubernetes: `Always`, `IfNotPresent` (also when absent), `Never`. */
  readonly pullPolicy?: string;
  /** In place of the image's entrypoint; empty leaves that to the image. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Its own variables; the runtime adds the least that programs need. */
  readonly env: ReadonlyMap<string, string>;
  /** Those of `env` that must be in no command line. */
  readonly secretEnv: ReadonlySet<string>;
  /** Absolute; absent where the image decides. */
  readonly workingDir?: string;
  /** The task's own directory on this machine, which exists with `home` and `tmp` in it. */
  readonly directory: string;
  readonly mounts: readonly Mount[];
  readonly resources: ComputeResources;
  readonly securityContext: Readonly<Record<string, unknown>>;
  /** Standard output and error are appended to this file. */
  readonly logFile: string;
  /** Names that mean this machine: `127.0.0.1 db`. */
  readonly hosts: readonly HostAlias[];
}

export interface HostAlias {
  readonly ip: string;
  readonly hostnames: readonly string[];
}

/** One step, substituted and expanded: what is left is to run it. */
export interface StepLaunch extends ContainerLaunch {
  /** What the step shares with the services of its task. */
  readonly network?: string;
  /** Called once there is a process, before it runs any of the step; the step waits for it. Null where nothing can outlive us. */
  readonly onProcess: (process: ProcessRecord | null) => Promise<void>;
  /** Asks the step to end. */
  readonly stop: AbortSignal;
  /** Ends it. */
  readonly kill: AbortSignal;
}

export interface ServicesLaunch {
  readonly services: readonly (ContainerLaunch & { readonly probe?: Probe })[];
  /** The image of a step whose script a shell runs: it holds the network that all share. */
  readonly holder: string;
  readonly stop: AbortSignal;
}

/** The services of one task. */
export interface Services {
  /** For `StepLaunch.network`. */
  readonly network: string;
  /** One look: whether the service answers its probe. */
  isReady(name: string, probe: Probe): Promise<boolean>;
  /** Its exit code once it has ended by itself, else null. */
  exitCode(name: string): Promise<number | null>;
  /** Ends them all. */
  end(): Promise<void>;
}

/** How steps become processes. */
export interface Runtime {
  /** Whether steps find their folders at Tekton's own places, such as `/workspace/source`. */
  readonly containers: boolean;
  /** Why a task cannot run here, as the end of a sentence; null when it can. */
  refuse(task: EmbeddedTask, stageOf: (step: string) => Stage | undefined): string | null;
  /** Starts the services of a task; absent where tasks with services are refused. */
  startServices?(launch: ServicesLaunch): Promise<Services>;
  /**
   * Runs a step until it and all it started have ended, as far as this can be known. Resolves with its exit code (128 + n
   * for signal n); rejects when it could not be started.
   */
  runStep(launch: StepLaunch): Promise<number>;
  /** Ends what is left of a step that an earlier server started; does nothing when the process is another one by now. */
  endLeftover(process: ProcessRecord): Promise<void>;
  /** Ends whatever else an earlier server with this data directory left, after its processes. */
  endLeftovers?(dataDirectory: string): Promise<void>;
  /** Removes a folder with whatever steps left in it, also what this user may not remove alone. */
  removeTree?(path: string): Promise<void>;
}
