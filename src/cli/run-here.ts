import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createCommandLog } from './command-log.ts';
import { executeRuns } from './execute-runs.ts';
import { headline } from './headline.ts';
import { describeHere } from './here.ts';
import { type Interruption, takeInterrupts } from './interruption.ts';
import type { Cli } from './ports.ts';
import { type PreparedRuns, prepareRuns } from './prepare-runs.ts';
import { printYaml } from './print-yaml.ts';
import type { RunOptions, RunStage } from './run-options.ts';
import { readSecrets } from './secret-options.ts';
import { secretsFolder, storeSecrets } from './store-secrets.ts';
import { asUsageError } from './usage-error.ts';

/** Runs the working tree's pipeline on this machine, or says what it would run. Resolves to the exit code. */
export async function runHere(cli: Cli, stage: RunStage | undefined, options: RunOptions): Promise<number> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'tekton-ci-')));
  const data = join(directory, 'data');
  const interruption = takeInterrupts(cli.signals, cli.output.err);
  try {
    const runtime = await cli.findRuntime(options.runtime ?? 'auto', data);
    const here = describeHere({ runtime, until: stage, options });
    const prepared = await prepareRuns(cli, { directory, here, options });
    if (prepared === null) return 2;
    if (options.list) return list(prepared, cli);
    if (options.dryRun) return dryRun(prepared, cli);
    return await execute(prepared, { cli, data, options, interruption });
  } catch (error) {
    // Ctrl-C reaches the git that copies the working tree as well, which then fails.
    if (interruption.signal.aborted) return interruption.exitCode();
    throw asUsageError(error);
  } finally {
    // What is kept is for reading, and no place for secrets.
    const unwanted = options.keep ? secretsFolder(data) : directory;
    await rm(unwanted, { recursive: true, force: true, maxRetries: 3 });
    if (options.keep) cli.output.err.write(`kept: ${directory}\n`);
    interruption.release();
  }
}

function list(prepared: PreparedRuns, { output: { out } }: Cli): number {
  const { rendered } = prepared;
  out.write(`${headline(prepared)}\n`);
  for (const { name, run, decisions } of rendered) {
    const stages = run === null ? 'nothing' : [...new Set(run.steps.map(({ stage }) => stage))].join(' → ');
    out.write(`${out.paint('bold', name === '.' ? 'this repository' : name)}: ${stages}\n`);
    for (const decision of decisions) out.write(`  ${decision}\n`);
  }
  return 0;
}

function dryRun({ rendered }: PreparedRuns, cli: Cli): number {
  printYaml(
    rendered.flatMap(({ run }) => run?.pipelineRun ?? []),
    cli.output.out,
  );
  return 0;
}

interface Execution {
  readonly cli: Cli;
  /** The engine's directory. */
  readonly data: string;
  readonly options: RunOptions;
  readonly interruption: Interruption;
}

async function execute(
  prepared: PreparedRuns,
  { cli, data, options, interruption }: Execution,
): Promise<number> {
  const { here, snapshot } = prepared;
  const values = await readSecrets(cli, here.secrets, interruption.signal);
  const kubeconfig = here.kubeconfig === undefined ? undefined : resolve(cli.directory, here.kubeconfig);
  await storeSecrets(data, { values, kubeconfig });
  const engine = await here.runtime.openEngine({
    sources: snapshot.folders,
    keepWork: options.keep === true,
    log: createCommandLog(cli.output.err, options.debug === true),
  });
  const runs = executeRuns(prepared, { engine, output: cli.output, interrupted: interruption.signal });
  let orderly = false;
  try {
    const outcome = await Promise.race([runs, interruption.forced]);
    orderly = outcome !== 'forced';
    if (interruption.signal.aborted) return interruption.exitCode();
    return outcome ? 0 : 1;
  } finally {
    if (!orderly) engine.kill();
    await engine.close();
  }
}
