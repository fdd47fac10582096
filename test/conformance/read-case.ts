import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';

/** What somebody did to the run while it went on. */
export interface Action {
  readonly after: {
    readonly log?: { readonly task: string; readonly step: string; readonly text: string };
    readonly turn?: string;
    readonly asked?: string;
    readonly reason?: string;
  };
  readonly patch?: { readonly status: string };
  readonly answer?: { readonly succeeded: string; readonly results: Readonly<Record<string, string>> };
}

export interface Given {
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly actions: readonly Action[];
}

export interface RecordedStep {
  readonly ran: boolean;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
  readonly log?: string;
}

export interface RecordedTask {
  readonly state: string;
  readonly steps?: Readonly<Record<string, RecordedStep>>;
  readonly results?: Readonly<Record<string, string>>;
}

/** What Tekton did: `tekton.yaml` of a case. */
export interface Recorded {
  readonly verdict: string;
  readonly message?: string;
  readonly tasks?: Readonly<Record<string, RecordedTask>>;
  readonly results?: Readonly<Record<string, string>>;
}

export interface Case {
  readonly name: string;
  readonly pipelineRun: PipelineRun;
  readonly given: Given;
  readonly recorded: Recorded;
}

const CASES = join(import.meta.dirname, '../cases/conformance');

/** Every case that was recorded, as `<group>/<name>`. */
export function readCases(): readonly Case[] {
  const groups = readdirSync(CASES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups
    .flatMap(({ name: group }) => readdirSync(join(CASES, group)).map((name) => `${group}/${name}`))
    .filter((name) => existsSync(join(CASES, name, 'tekton.yaml')))
    .map((name) => ({
      name,
      pipelineRun: read(name, 'pipeline-run') as PipelineRun,
      given: {
        secrets: {},
        actions: [],
        ...(existsSync(file(name, 'given')) ? (read(name, 'given') as object) : {}),
      },
      recorded: read(name, 'tekton') as Recorded,
    }));
}

/** Why a case ends differently on purpose, and what a refusal of it says. */
export interface Difference {
  readonly reason: string;
  readonly words?: string;
}

/** By the name of the case. */
export function readDifferences(): ReadonlyMap<string, Difference> {
  type Group = Difference & { readonly cases: readonly string[] };
  const path = join(import.meta.dirname, 'differences.yaml');
  const { refused, executed } = load(readFileSync(path, 'utf8')) as Record<'refused' | 'executed', Group[]>;
  const groups = [...refused, ...executed];
  return new Map(groups.flatMap(({ cases, ...why }) => cases.map((name) => [name, why] as const)));
}

function file(name: string, part: string): string {
  return join(CASES, name, `${part}.yaml`);
}

function read(name: string, part: string): unknown {
  return load(readFileSync(file(name, part), 'utf8'));
}
