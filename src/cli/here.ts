import type { LocalRuntime } from './ports.ts';
import type { RunOptions, RunStage } from './run-options.ts';
import { parseSecretOption, type SecretOption } from './secret-options.ts';

/** How a pipeline is executed on this machine, and how much of it. */
export interface Here {
  readonly runtime: LocalRuntime;
  /** Why it is this runtime, as the end of a sentence. */
  readonly because: string;
  /** The last stage; undefined: all that run here. */
  readonly until: RunStage | undefined;
  /** False leaves the services to the user. */
  readonly services: boolean;
  readonly secrets: readonly SecretOption[];
  /** True when deploys are done and not only shown. */
  readonly deploys: boolean;
  /** The file that says which cluster they go to. */
  readonly kubeconfig: string | undefined;
}

export interface HereRequest {
  readonly runtime: LocalRuntime;
  readonly until: RunStage | undefined;
  readonly options: RunOptions;
}

export function describeHere({ runtime, until, options }: HereRequest): Here {
  const { services, secret = [], yes = false, kubeconfig } = options;
  return {
    runtime,
    because: reason(runtime, options),
    until,
    services,
    secrets: secret.map(parseSecretOption),
    deploys: yes,
    kubeconfig,
  };
}

/** True when steps run in containers of their images. */
export function hasContainers({ runtime }: Pick<Here, 'runtime'>): boolean {
  return runtime.name !== 'host';
}

function reason({ name }: LocalRuntime, options: RunOptions): string {
  if (options.runtime !== undefined) return 'as --runtime says';
  return name === 'host' ? 'neither podman nor docker answers' : 'it answers';
}
