import type { Stage } from '../core/pipeline/run.ts';
import type { Layout } from '../core/settings/settings.ts';
import type { EventOptions } from './event-options.ts';
import type { RuntimeName } from './ports.ts';

/** The stages that a run can end with; the clone comes before each. */
export type RunStage = Exclude<Stage, 'clone'>;

export interface RunOptions extends EventOptions {
  readonly project?: string;
  readonly runtime?: RuntimeName;
  readonly layout: Layout;
  /** Each `NAME` or `NAME=FILE`. */
  readonly secret?: readonly string[];
  /** False with `--no-services`. */
  readonly services: boolean;
  readonly yes?: true;
  readonly kubeconfig?: string;
  readonly list?: true;
  readonly dryRun?: true;
  readonly keep?: true;
  readonly debug?: true;
}
