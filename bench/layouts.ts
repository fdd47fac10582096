import type { Engine, Log, ObservedRun } from '../src/app/ports.ts';
import { parseConfig } from '../src/core/config/parse-config.ts';
import { resolveProject } from '../src/core/config/resolve-project.ts';
import type { EmbeddedTask, TaskStep } from '../src/core/pipeline/pipeline-run.ts';
import { renderRun } from '../src/core/pipeline/render-run.ts';
import type { Run } from '../src/core/pipeline/run.ts';
import type { RunStatus } from '../src/core/pipeline/run-status.ts';
import { planProject } from '../src/core/plan/plan-project.ts';
import { DEFAULT_SETTINGS } from '../src/core/settings/default-settings.ts';
import type { Layout } from '../src/core/settings/settings.ts';
import { settingsFor } from '../src/core/settings/settings-for.ts';
import { systemClock } from '../src/local/system-clock.ts';
import { loadKubeConfig } from '../src/tekton/kube-config.ts';
import { createTektonEngine } from '../src/tekton/tekton-engine.ts';
import { connect, type Kubernetes } from '../test/cluster/kubernetes.ts';
import { CLAIM, makeNamespace, removeNamespace } from '../test/cluster/namespace.ts';
import { readClusterSettings, whatIsMissing } from '../test/cluster/settings.ts';
import { quantile, type Row } from './table.ts';

const ROUNDS = 5;
const CONFIG = 'use: alpine\ntest: make\nbuild: make\nimage: example.com/a\ndeploy: ./helm\n';

const log: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => log };

/** Runs of five stages that do nothing, in either layout in turn: what pods cost. Needs a cluster, as `npm run test:cluster` does. */
export async function benchLayouts(): Promise<Row[]> {
  const missing = whatIsMissing();
  if (missing !== null) {
    process.stderr.write(`  skipped: ${missing}\n`);
    return [];
  }
  const kubernetes = connect();
  const namespace = await makeNamespace(kubernetes, readClusterSettings());
  const bench = startBench(namespace);
  try {
    const times: Record<Layout, Times[]> = { pod: [], tasks: [] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const layout of ['pod', 'tasks'] as const) {
        const time = await bench.time(layout, round);
        await refuseFailures(kubernetes, namespace);
        // The first one warms both up.
        if (round > 0) times[layout].push(time);
      }
    }
    return rowsOf(times);
  } finally {
    await bench.stop();
    await removeNamespace(kubernetes, namespace);
  }
}

/** Milliseconds from the release of a run until it is known that… */
interface Times {
  /** …its stages are over. */
  readonly stages: number;
  /** …it is over, its clean-up included. */
  readonly whole: number;
}

/** A clean-up that fails does not fail its run, but the time that it takes is none that the layout takes. */
async function refuseFailures(kubernetes: Kubernetes, namespace: string): Promise<void> {
  const taskRuns = await kubernetes.list(`/apis/tekton.dev/v1/namespaces/${namespace}/taskruns`);
  for (const { metadata, status } of taskRuns) {
    const [{ status: succeeded, message }] = status.conditions;
    if (succeeded === 'False') throw new Error(`${metadata.name}: ${message}`);
  }
}

interface Bench {
  time(layout: Layout, round: number): Promise<Times>;
  stop(): Promise<void>;
}

function startBench(namespace: string): Bench {
  const engine = createTektonEngine({
    kubeConfig: loadKubeConfig(),
    namespaces: [namespace],
    clock: systemClock,
    log,
    startTimeoutMs: 120_000,
  });
  const stopped = new AbortController();
  const followers = new Map<string, (status: RunStatus) => void>();
  const watching = engine.watch((run) => {
    followers.get(run.name)?.(run.status);
    takeTurns(engine, run);
  }, stopped.signal);
  return {
    async time(layout, round) {
      const run = runOf(layout, { namespace, round });
      const stages = Promise.withResolvers<number>();
      const whole = Promise.withResolvers<number>();
      followers.set(run.name, (status) => {
        if (stagesAreOver(status)) stages.resolve(performance.now());
        if (status.phase !== 'done') return;
        if (status.verdict === 'succeeded') whole.resolve(performance.now());
        else whole.reject(new Error(`${run.name} ended as ${status.verdict}`));
      });
      await engine.submit(run, {});
      const start = performance.now();
      await engine.release(run.name);
      const end = await whole.promise;
      return { stages: (await stages.promise) - start, whole: end - start };
    },
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}

function stagesAreOver(status: RunStatus): boolean {
  return 'steps' in status && status.steps.every(({ state }) => state === 'succeeded');
}

/** Nobody else deploys: it is always a deploy's turn. */
function takeTurns(engine: Pick<Engine, 'answer'>, { name, status }: ObservedRun): void {
  if (status.phase !== 'running') return;
  for (const { target } of status.turns) {
    void engine.answer(name, target, { go: 'yes' });
  }
}

function runOf(
  layout: Layout,
  { namespace, round }: { readonly namespace: string; readonly round: number },
): Run {
  const parsed = parseConfig(CONFIG);
  const project = parsed.ok ? parsed.config.projects[0] : undefined;
  const resolved = project === undefined ? undefined : resolveProject(project, { entries: [], text: {} });
  if (resolved?.ok !== true) throw new Error('the config of the benchmark is wrong');
  const key = {
    repositoryId: 1,
    project: '.',
    sha: `${layout === 'pod' ? 1 : 2}${String(round).padStart(39, '0')}`,
    tag: null,
    purpose: 'publish',
    trust: 'trusted',
    base: null,
    attempt: 1,
  } as const;
  const run = planProject(resolved.project, key, { reason: 'a benchmark', branch: 'main' });
  if (!run.runs) throw new Error(run.reason);
  const { pipelineRun, ...rest } = renderRun({
    run,
    source: {
      repository: 'acme/bench',
      installationId: 1,
      cloneUrl: 'https://example.com/acme/bench.git',
      branch: 'main',
      tag: '',
      pullRequest: null,
      title: 'Bench',
      credentials: false,
    },
    settings: {
      ...settingsFor(DEFAULT_SETTINGS, 'acme/bench'),
      namespace,
      layout,
      storage: { claim: CLAIM },
      resources: { cpu: '10m', memory: '128Mi' },
    },
    annotations: {},
  });
  return { ...rest, pipelineRun: withoutWork(pipelineRun) };
}

/** The same steps, each of which does nothing but write the results that its task promises. */
function withoutWork(pipelineRun: Run['pipelineRun']): Run['pipelineRun'] {
  const { shell } = readClusterSettings();
  const empty = (
    { command: _command, args: _args, ...step }: TaskStep,
    results: readonly string[],
  ): TaskStep => ({
    ...step,
    image: shell,
    script: [
      '#!/bin/sh',
      ...results.map((name) => `echo sha256:1 > "$(results.${name}.path)"`),
      'true',
      '',
    ].join('\n'),
  });
  const emptyTask = (task: EmbeddedTask): EmbeddedTask => {
    const results = (task.taskSpec.results ?? []).map(({ name }) => name);
    const steps = task.taskSpec.steps.map((step, index) => empty(step, index === 0 ? results : []));
    return { ...task, taskSpec: { ...task.taskSpec, steps } };
  };
  const { pipelineSpec } = pipelineRun.spec;
  const tasks = pipelineSpec.tasks.map((task) => ('taskSpec' in task ? emptyTask(task) : task));
  const last = (pipelineSpec.finally ?? []).map(emptyTask);
  return {
    ...pipelineRun,
    spec: { ...pipelineRun.spec, pipelineSpec: { ...pipelineSpec, tasks, finally: last } },
  };
}

function rowsOf(times: Readonly<Record<Layout, readonly Times[]>>): Row[] {
  const median = (layout: Layout, of: keyof Times) =>
    quantile(
      times[layout].map((time) => time[of]),
      0.5,
    );
  const note = `median of ${ROUNDS}, five stages of \`true\` on a real Tekton`;
  return (['stages', 'whole'] as const).flatMap((of) => {
    const what = of === 'stages' ? 'its stages' : 'with the clean-up';
    const [pod, tasks] = [median('pod', of), median('tasks', of)];
    return [
      { name: `layout pod, ${what}`, value: pod, unit: 'ms' as const, note },
      { name: `layout tasks, ${what}`, value: tasks, unit: 'ms' as const, note },
      {
        name: `pod against tasks, ${what}`,
        value: pod / tasks,
        unit: '×' as const,
        note: 'at most 0.4 is the aim',
      },
    ];
  });
}
