import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock, Engine, Log, RunCredentials } from '../app/ports.ts';
import type { Run, RunName } from '../core/pipeline/run.ts';
import { answerTurn } from './answer-turn.ts';
import { cureOf } from './cure.ts';
import { endRun } from './end-run.ts';
import { followLog } from './follow-log.ts';
import { deleteGitSecret, readRun, renewGitSecret } from './git-secret.ts';
import { createKubeClient, type KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { createListings, type Listings } from './listings.ts';
import { readSecretValues } from './read-secret-values.ts';
import { releaseRun } from './release-run.ts';
import { MERGE_PATCH, PIPELINE_RUNS, pathOf, SECRETS } from './resources.ts';
import { createRunRegister, type RunRegister } from './run-register.ts';
import { stepPlace } from './step-place.ts';
import { namespaceOf, submitRun, validateRun } from './submit-run.ts';
import { createRunTender, type RunTender } from './tend-runs.ts';
import { watchRuns } from './watch-runs.ts';

export interface TektonEngineOptions {
  readonly kubeConfig: KubeConfig;
  /** Every namespace that runs are made in. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds after which a run is ended that cannot start. */
  readonly startTimeoutMs: number;
  /** From 0 to 1; `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds that a request may take; 10,000. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds after which a watch that says nothing is begun anew; 150,000. */
  readonly silenceMs?: number;
  /** Milliseconds between looks at runs of which nothing is heard; 5,000. */
  readonly lookMs?: number;
}

export interface TektonEngine extends Engine {
  /** Rejects with a `UserError` when the cluster would refuse such a run; makes nothing. */
  validate(run: Run): Promise<void>;
  revoke(name: RunName): Promise<void>;
  catchUp(signal: AbortSignal): Promise<void>;
}

interface Parts extends Required<TektonEngineOptions> {
  readonly client: KubeClient;
  readonly register: RunRegister;
  readonly tender: RunTender;
  readonly listings: Listings;
}

/**
 * Has Tekton execute runs; see `Engine` for what each call promises. Only one `watch` at a time. Logs are followed of runs that are
 * watched. Throws a `UserError` when the kubeconfig names no API server.
 */
export function createTektonEngine(options: TektonEngineOptions): TektonEngine {
  const parts = createParts(options);
  const { client, register, clock } = parts;
  let watched = false;

  return {
    validate: (run) => validateRun(client, run),
    submit: (run, credentials) => submit(parts, run, credentials),
    async release(name) {
      const namespace = await namespaceFor(parts, name);
      await releaseRun(client, { namespace, name }, clock.now());
    },
    renew: (name, credentials) => renew(parts, name, credentials),
    revoke: (name) => revoke(parts, name),
    async watch(onChange, signal, onListed) {
      if (watched) throw new Error('The engine is watched already');
      watched = true;
      try {
        await watchRuns(parts, { onChange, onListed }, signal);
      } finally {
        register.clear();
        watched = false;
      }
    },
    catchUp: (signal) => parts.listings.renew(signal),
    annotate: (name, annotations) => annotate(parts, name, annotations),
    async answer(run, target, verdict) {
      const namespace = await namespaceFor(parts, run);
      await answerTurn(client, { namespace, run, target, verdict, now: clock.now() });
    },
    async cancel(name, by, why) {
      const namespace = await namespaceFor(parts, name);
      await endRun(client, { namespace, name }, { cause: { kind: 'cancelled', by, why }, now: clock.now() });
    },
    logs: (name, step, signal) =>
      followLog({
        client,
        clock,
        place: () => stepPlace(register.get(name), step, clock.now()),
        changed: (until) => register.nextChange(name, until),
        signal,
      }),
    async secretValues(name) {
      return readSecretValues(
        { client, log: parts.log },
        { name, namespace: await namespaceFor(parts, name) },
      );
    },
    remove: (name) => remove(parts, name),
  };
}

function createParts(options: TektonEngineOptions): Parts {
  const { kubeConfig, clock, log, startTimeoutMs, requestTimeoutMs = 10_000 } = options;
  const client = createKubeClient(kubeConfig, requestTimeoutMs);
  const tender = createRunTender({ client, clock, log, startTimeoutMs });
  return {
    random: Math.random,
    silenceMs: 150_000,
    lookMs: 5_000,
    ...options,
    requestTimeoutMs,
    client,
    tender,
    listings: createListings(),
    register: createRunRegister({ clock, log, onSeen: tender.tend }),
  };
}

async function submit({ client, register, namespaces }: Parts, run: Run, credentials: RunCredentials) {
  const namespace = namespaceOf(run);
  if (!namespaces.includes(namespace)) throw new Error(`Nobody watches the namespace ${namespace}`);
  // A repository that was mapped to another namespace since: the run is where it was made.
  const known = register.get(run.name)?.namespace ?? namespace;
  const metadata = { ...run.pipelineRun.metadata, namespace: known };
  await submitRun(client, { ...run, pipelineRun: { ...run.pipelineRun, metadata } }, credentials);
}

/** Where a run is; of one that was not seen yet the server is asked. */
async function namespaceFor({ client, register, namespaces }: Parts, name: RunName): Promise<string> {
  const known = register.get(name)?.namespace;
  if (known !== undefined) return known;
  const [only = '', ...others] = namespaces;
  if (others.length === 0) return only;
  for (const namespace of namespaces) {
    if ((await readRun(client, { name, namespace })) !== null) return namespace;
  }
  return only;
}

async function renew(parts: Parts, name: RunName, { git }: RunCredentials): Promise<void> {
  if (git === undefined) return;
  const namespace = await namespaceFor(parts, name);
  const pipelineRun = await readRun(parts.client, { name, namespace });
  await renewGitSecret(parts.client, { name, namespace, pipelineRun }, git);
}

/** A Role that does not allow it is for the operator to mend: no check waits for that. */
async function revoke(parts: Parts, name: RunName): Promise<void> {
  const namespace = await namespaceFor(parts, name);
  try {
    await deleteGitSecret(parts.client, { name, namespace });
  } catch (err) {
    if (statusOf(err) !== 403) throw err;
    const cure = cureOf(err, SECRETS, namespace);
    parts.log.error({ err, run: name, cure }, "a run's git token was not deleted");
  }
}

/** A run that is gone has nothing to remember. */
async function annotate(parts: Parts, name: RunName, annotations: Readonly<Record<string, string>>) {
  const path = pathOf(PIPELINE_RUNS, await namespaceFor(parts, name), name);
  const body = { metadata: { annotations } };
  await parts.client.request({ method: 'PATCH', path, contentType: MERGE_PATCH, body }).catch(unlessGone);
}

async function remove(parts: Parts, name: RunName): Promise<void> {
  const path = pathOf(PIPELINE_RUNS, await namespaceFor(parts, name), name);
  const query = { propagationPolicy: 'Background' };
  await parts.client.request({ method: 'DELETE', path, query }).catch(unlessGone);
}

function unlessGone(error: unknown): void {
  if (statusOf(error) !== 404) throw error;
}
