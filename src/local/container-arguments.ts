import type { ComputeResources } from '../core/pipeline/pipeline-run.ts';
import { quantityValue } from '../core/pipeline/quantity.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import type { ContainerLaunch, HostAlias } from './runtime.ts';

/** What tells the containers of one data directory, run and task from all others. */
export const LABEL = { data: 'dev.tekton-ci.data', run: 'dev.tekton-ci.run' } as const;

export interface ContainerIdentity {
  /** The container's name. */
  readonly name: string;
  /** The data directory of the engine. */
  readonly data: string;
  readonly run: string;
}

/** What both commands take for every container. */
export function identityArguments({ name, data, run }: ContainerIdentity): readonly string[] {
  return ['--name', name, '--label', `${LABEL.data}=${data}`, '--label', `${LABEL.run}=${run}`, '--init'];
}

/**
 * A container as arguments of `create`, and the variables that must come by the command's own environment because they are
 * secrets. The rest of the environment may be seen by the machine's users, as it may be seen in a PipelineRun.
 */
export function containerArguments(launch: ContainerLaunch): {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
} {
  const [program, ...fixed] = launch.command;
  const environment: Record<string, string> = {};
  const env = [...launch.env].flatMap(([name, value]) => {
    if (!launch.secretEnv.has(name)) return ['--env', `${name}=${value}`];
    refuseRisky(name);
    environment[name] = value;
    return ['--env', name];
  });
  const args = [
    ...env,
    ...launch.mounts.flatMap(({ source, target, readOnly }) => [
      '--volume',
      `${source}:${target}${readOnly ? ':ro' : ''}`,
    ]),
    ...(launch.workingDir === undefined ? [] : ['--workdir', launch.workingDir]),
    ...resourceArguments(launch.resources),
    ...securityArguments(launch.securityContext),
    ...(program === undefined ? [] : ['--entrypoint', program]),
    '--',
    launch.image,
    ...fixed,
    ...launch.args,
  ];
  return { args, environment };
}

export function hostArguments(hosts: readonly HostAlias[]): readonly string[] {
  return hosts.flatMap(({ ip, hostnames }) => hostnames.flatMap((name) => ['--add-host', `${name}:${ip}`]));
}

/** A secret of such a name would change what the command itself does. */
const RISKY =
  /^(LD_|GO|GLIBC_|MALLOC_|DOCKER_|CONTAINER|PODMAN_|BUILDAH_|STORAGE_|REGISTRY_|XDG_|SSL_|DBUS_|NOTIFY_|LISTEN_|_)|^(PATH|HOME|TMPDIR)$|_proxy$/i;

function refuseRisky(name: string): void {
  if (!RISKY.test(name)) return;
  throw new InfrastructureError(
    'CreateContainerConfigError',
    `a secret cannot be the variable ${name}, which the container command uses itself; choose another name`,
  );
}

/** Limits only: nothing else competes for what is requested. */
function resourceArguments({ limits = {} }: ComputeResources): readonly string[] {
  const { memory, cpu } = limits;
  const bytes = memory === undefined ? null : String(Math.floor(quantityValue(memory)));
  return [
    // Without swap, as in a pod.
    ...(bytes === null ? [] : ['--memory', `${bytes}b`, '--memory-swap', `${bytes}b`]),
    ...(cpu === undefined ? [] : ['--cpus', String(quantityValue(cpu))]),
  ];
}

/** The fields of a security context that containers have here too. */
export const SECURITY_FIELDS = [
  'runAsUser',
  'runAsGroup',
  'runAsNonRoot',
  'allowPrivilegeEscalation',
  'readOnlyRootFilesystem',
  'capabilities',
  'seccompProfile',
] as const;

function securityArguments(context: Readonly<Record<string, unknown>>): readonly string[] {
  const { runAsUser: user, runAsGroup: group, capabilities } = context;
  const { drop, add } = (capabilities ?? {}) as { drop?: unknown; add?: unknown };
  const owner = `${user ?? ''}${group === undefined ? '' : `:${group}`}`;
  return [
    ...(owner === '' ? [] : ['--user', user === undefined ? `0${owner}` : owner]),
    ...(context.allowPrivilegeEscalation === false ? ['--security-opt', 'no-new-privileges'] : []),
    ...(context.readOnlyRootFilesystem === true ? ['--read-only'] : []),
    ...stringsOf(drop).flatMap((name) => ['--cap-drop', name]),
    ...stringsOf(add).flatMap((name) => ['--cap-add', name]),
  ];
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
