import type { Service } from '../config/config.ts';
import { knownService } from '../config/known-services.ts';
import { DOLLAR, foreign } from './env.ts';
import { partName } from './names.ts';
import type { Probe, Sidecar } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';
import { UNPRIVILEGED } from './security.ts';

/** Enough for a database of tests; its memory is not the stages'. */
const RESOURCES = { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } };

/** Tekton's containers are `sidecar-<name>`, a DNS label. */
const NAME_LENGTH = 63 - 'sidecar-'.length;

/** Seconds. Some of the known commands start a runtime of their own first. */
const PROBE = { periodSeconds: 2, timeoutSeconds: 10 };

/** The services beside the steps. Steps start when all are ready. */
export function renderServices({ run, settings }: RenderInput): Sidecar[] {
  return run.project.services.map((service) => {
    const { args } = knownService(service.image) ?? {};
    const ready = readiness(service);
    return {
      name: partName('', service.name, NAME_LENGTH),
      image: service.image,
      imagePullPolicy: settings.pullPolicy,
      ...(args === undefined ? {} : { args }),
      env: [
        DOLLAR,
        ...Object.entries(service.env).map(([name, value]) => foreign(name, value)),
        ...(ready.command === undefined ? [] : [foreign('TEKTON_CI_READY', ready.command)]),
      ],
      ...(ready.probe === undefined ? {} : { readinessProbe: { ...ready.probe, ...PROBE } }),
      securityContext: UNPRIVILEGED,
      computeResources: RESOURCES,
    };
  });
}

/** Lets the services be reached by their names. */
export function serviceAliases({ run }: RenderInput): { ip: string; hostnames: readonly string[] }[] {
  const { services } = run.project;
  return services.length === 0 ? [] : [{ ip: '127.0.0.1', hostnames: services.map(({ name }) => name) }];
}

/** What the config says, else what is known of the image. A command travels in the environment, as all text from outside does. */
function readiness({ image, ready }: Service): { readonly probe?: Probe; readonly command?: string } {
  if (ready === 'off') return {};
  const known = ready === undefined ? knownService(image)?.ready : { command: ready };
  if (known === undefined) return {};
  if ('port' in known) return { probe: { tcpSocket: { port: known.port } } };
  return { probe: { exec: { command: ['sh', '-c', 'eval "$TEKTON_CI_READY"'] } }, command: known.command };
}
