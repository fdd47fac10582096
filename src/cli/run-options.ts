import type { EventOptions } from './event-options.ts';

/** The stages that this machine can end with; the clone comes before each. */
export type RunStage = 'test' | 'build';

export interface RunOptions extends EventOptions {
  readonly project?: string;
  readonly list?: true;
  readonly dryRun?: true;
  readonly keep?: true;
  readonly debug?: true;
}
