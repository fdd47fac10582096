import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import { keyOfText } from '../../src/core/pipeline/names.ts';
import type { RunStatus, Verdict } from '../../src/core/pipeline/run-status.ts';
import type { FakeChecks } from '../app/fakes/fake-checks.ts';
import { settled } from '../app/fakes/fake-clock.ts';
import type { FakeEngine } from '../app/fakes/fake-engine.ts';
import type { RecordingLog } from '../app/fakes/recording-log.ts';
import { createWorld } from '../app/fakes/world.ts';
import type { Requests, Said } from './github-ports.ts';
import { createGitHubState, type Given } from './github-state.ts';
import { playApp } from './played-app.ts';
import type { ScenarioWorld } from './scenario-world.ts';

const SECONDS_BETWEEN = 60;

/** A scenario's world in memory, and what tests see of it. */
export interface EventWorld extends ScenarioWorld {
  readonly engine: FakeEngine;
  readonly checks: FakeChecks;
  readonly log: RecordingLog;
  /** What GitHub was asked for, in order. */
  readonly requests: Requests;
  readonly replies: readonly Said[];
}

/** The app on a GitHub and an engine that are played: lines say what happens there. */
export async function createEventWorld(given: Given): Promise<EventWorld> {
  const state = createGitHubState(given);
  const fakes = createWorld();
  const { clock, checks, engine } = fakes;
  const { handle, ...app } = await playApp(state, fakes);
  return {
    ...app,
    state,
    checks,
    engine,
    log: fakes.log,
    settle: () => clock.advance(SECONDS_BETWEEN),
    async deliver(event) {
      await handle(event);
      await settled();
    },
    end(verdict, sha, project) {
      for (const { name, annotations, status } of [...engine.runs.values()]) {
        const key = keyOfText(annotations[ANNOTATION.key] ?? '');
        const isMeant =
          (sha === undefined || key?.sha === sha) && (project === undefined || key?.project === project);
        if (isMeant && status.phase !== 'done') engine.set(name, ended(verdict, clock.now()));
      }
    },
    runs: () => engine.submitted.map(({ run }) => run.key),
    shown: () => checks.stored,
  };
}

function ended(verdict: Verdict, finishedAt: Date): RunStatus {
  const cause = { kind: 'step', step: { stage: 'test' }, exitCode: 1 } as const;
  return {
    phase: 'done',
    verdict,
    ...(verdict === 'failed' && { cause }),
    steps: [],
    results: {},
    finishedAt,
  };
}
