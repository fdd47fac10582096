import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Probe } from '../core/pipeline/pipeline-run.ts';
import { exitCodeOf, openGate, startGated } from './attached-process.ts';
import { hostArguments } from './container-arguments.ts';
import { containerExitCode } from './container-end.ts';
import type { Containers } from './container-runtime.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import { pullImage } from './pull-image.ts';
import type { ContainerLaunch, Services, ServicesLaunch } from './runtime.ts';

/** A service's container. */
interface Running {
  readonly container: string;
  /** Once it has ended. */
  exitCode: number | null;
  /** Why it never began. */
  failure: unknown;
}

/** Starts the services of a task in one network; see `Services`. */
export async function startContainerServices(
  containers: Containers,
  { services, holder, stop }: ServicesLaunch,
): Promise<Services> {
  const [first] = services;
  if (first === undefined) throw new Error('a task without services needs none started');
  const started: string[] = [];
  try {
    const network = await startHolder(containers, { ...first, image: holder }, stop);
    started.push(network);
    const running = new Map<string, Running>();
    for (const service of services) {
      const container = await containers.create(service, ['--network', `container:${network}`], stop);
      started.push(container);
      running.set(service.name, await start(containers, container, service));
    }
    return {
      network: `container:${network}`,
      isReady: (name, probe) =>
        isReady(containers, { probe, network, container: running.get(name)?.container ?? '' }),
      async exitCode(name) {
        const { exitCode = null, failure = null } = running.get(name) ?? {};
        if (failure !== null) throw failure;
        return exitCode;
      },
      end: () => end(containers, started),
    };
  } catch (error) {
    await end(containers, started);
    throw error;
  }
}

/**
 * A container that only holds the network: `localhost` is the same for all that join it, as in a pod. A shell that reads what never
 * comes needs nothing else of its image.
 */
async function startHolder(
  containers: Containers,
  { run, task, image, pullPolicy, hosts, directory }: ContainerLaunch,
  stop: AbortSignal,
): Promise<string> {
  const { command } = containers;
  await pullImage(command, { image, ...(pullPolicy === undefined ? {} : { pullPolicy }) }, stop);
  const name = `${run}.${task}.${randomBytes(4).toString('hex')}`;
  const args = [
    ...['run', '--detach', '--interactive'],
    ...(await containers.arguments(run, name)),
    ...hostArguments(hosts),
    ...['--entrypoint', '/bin/sh', '--', image, '-c', 'read -r never'],
  ];
  const { code, stderr } = await command.run(args, { cwd: directory });
  if (code === 0) return name;
  await containers.remove([name]);
  const why = stderr.split('\n').at(-1) ?? '';
  throw new InfrastructureError(
    'CreateContainerError',
    `the network for the services of task ${task} needs a step whose image has /bin/sh: ${why}`,
  );
}

async function start(
  containers: Containers,
  container: string,
  { logFile, directory }: ContainerLaunch,
): Promise<Running> {
  const { command } = containers;
  const log = await open(logFile, 'a', 0o600);
  const child = startGated({
    argv: [command.name, 'start', '--attach', container],
    env: command.environment,
    cwd: directory,
    log,
  });
  const running: Running = { container, exitCode: null, failure: null };
  exitCodeOf(child)
    .then((exitCode) => containerExitCode(command, { container, exitCode, logFile }))
    .then(
      (exitCode) => Object.assign(running, { exitCode }),
      (failure: unknown) => Object.assign(running, { failure }),
    )
    .finally(() => log.close());
  // It is found by its label, should we die.
  await openGate(child, async () => {});
  return running;
}

interface Look {
  readonly probe: Probe;
  readonly network: string;
  readonly container: string;
}

/** Milliseconds that starting a program in a container may take by itself. */
const EXEC_OVERHEAD = 2000;

async function isReady({ command }: Containers, { probe, network, container }: Look): Promise<boolean> {
  const { exec, tcpSocket, timeoutSeconds = 1 } = probe;
  const timeout = timeoutSeconds * 1000 + EXEC_OVERHEAD;
  if (exec !== undefined)
    return (await command.run(['exec', container, ...exec.command], { timeout })).code === 0;
  const { stdout } = await command.run(['exec', network, '/bin/sh', '-c', LISTENERS], { timeout });
  return tcpSocket === undefined || listens(stdout, tcpSocket.port);
}

/** A shell alone can say who listens, whatever else the image has. */
const LISTENERS =
  'for f in /proc/net/tcp /proc/net/tcp6; do while read -r line; do echo "$line"; done <$f; done 2>/dev/null';

/** Lines `<n>: <address>:<port> <peer> <state> …`; 0A listens. https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt */
function listens(table: string, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').some((line) => {
    const [, address = '', , state] = line.trim().split(/\s+/);
    return address.endsWith(`:${hex}`) && state === '0A';
  });
}

/** Seconds between asking and ending. */
const GRACE = '2';

async function end(containers: Containers, started: readonly string[]): Promise<void> {
  const [network, ...services] = started;
  if (services.length > 0) await containers.command.run(['stop', '--time', GRACE, ...services]);
  await containers.remove(services);
  if (network !== undefined) await containers.remove([network]);
}
