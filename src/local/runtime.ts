import type { Stage } from '../core/pipeline/run.ts';

/** What makes a process recognisable after a restart of the server; a process id alone is used again by others. */
export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since boot, as text: field 22 of `/proc/<pid>/stat`. */
  readonly startTime: string;
}

/** What a runtime may refuse before a run starts. */
export interface StepToCheck {
  /** Unknown for a step that stands for no stage. */
  readonly stage?: Stage;
  readonly task: string;
  readonly step: string;
  readonly script?: string;
  readonly command?: readonly string[];
}

/** One step, substituted and expanded: what is left is to run it. */
export interface StepLaunch {
  readonly image: string;
  /** An executable file in place of an image's entrypoint, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** The step's own variables; the runtime adds the least that programs need. */
  readonly env: ReadonlyMap<string, string>;
  readonly workingDir: string;
  /** The task's directory, which exists with `home` and `tmp` in it. */
  readonly directory: string;
  /** Standard output and error are appended to this file. */
  readonly logFile: string;
  /** Called once there is a process, before it runs any of the step; the step waits for it. Null where nothing can outlive us. */
  readonly onProcess: (process: ProcessRecord | null) => Promise<void>;
  /** Asks the step to end. */
  readonly stop: AbortSignal;
  /** Ends it. */
  readonly kill: AbortSignal;
}

/** How steps become processes. */
export interface Runtime {
  /** Why a step cannot run here, as the end of a sentence; null when it can. */
  refuse(step: StepToCheck): string | null;
  /**
   * Runs a step until it and all it started have ended, as far as this can be known. Resolves with its exit code (128 + n
   * for signal n); rejects when it could not be started.
   */
  runStep(launch: StepLaunch): Promise<number>;
  /** Ends what is left of a step that an earlier server started; does nothing when the process is another one by now. */
  endLeftover(process: ProcessRecord): Promise<void>;
}
