import { describe, expect, test } from '@jest/globals';
import type { RunStatus, Verdict } from '../../../src/core/pipeline/run-status.ts';
import {
  type GateRow,
  gateCheck,
  gateReport,
  skippedGateReport,
} from '../../../src/core/report/gate-check.ts';
import { SHA } from '../plan/examples.ts';
import { at, CLONED, done, failed } from './examples.ts';

const PENDING: RunStatus = { phase: 'pending', ahead: 1 };
const RUNNING: RunStatus = {
  phase: 'running',
  steps: [CLONED, { stage: 'test', state: 'running' }],
  turns: [],
};

function run(project: string, status: RunStatus | null): GateRow {
  return { project, status, url: `https://ci.example.com/${project}` };
}

const SKIPPED: GateRow = {
  project: 'docs',
  skipped: 'skipped: no file under docs/ changed (1 file since main)',
};

function gate(...rows: GateRow[]) {
  return gateCheck({
    checkName: 'tekton-ci',
    externalId: 'gate-1',
    sha: SHA,
    detailsUrl: 'https://ci.example.com/gate-1',
    rows,
  });
}

describe('the gate is the worst of its projects', () => {
  test.each<[string, readonly Verdict[], string, string]>([
    ['all green', ['succeeded', 'succeeded'], 'success', '2 projects succeeded'],
    ['one green', ['succeeded'], 'success', '1 project succeeded'],
    ['one red', ['succeeded', 'failed'], 'failure', '1 of 2 not green: p1'],
    ['failure before timeout', ['timed-out', 'failed'], 'failure', '2 of 2 not green: p0, p1'],
    ['infrastructure is a failure', ['infrastructure', 'cancelled'], 'failure', '2 of 2 not green: p0, p1'],
    [
      'timeout before cancelled',
      ['cancelled', 'timed-out', 'succeeded'],
      'timed_out',
      '2 of 3 not green: p0, p1',
    ],
    ['cancelled before success', ['succeeded', 'cancelled'], 'cancelled', '1 of 2 not green: p1'],
  ])('%s', (_name, verdicts, conclusion, title) => {
    const check = gate(SKIPPED, ...verdicts.map((verdict, index) => run(`p${index}`, done({ verdict }))));

    expect(check).toMatchObject({ status: 'completed', conclusion, output: { title } });
  });

  test('it ends when the last of them ends', () => {
    const check = gate(
      run('a', done({ finishedAt: at(30) })),
      run('b', done({ finishedAt: at(20) })),
      SKIPPED,
    );

    expect(check.completedAt).toEqual(at(30));
  });

  test('all skipped is skipped', () => {
    expect(gate(SKIPPED)).toMatchObject({
      status: 'completed',
      conclusion: 'skipped',
      output: { title: 'Nothing to run' },
    });
  });
});

describe('the gate is live', () => {
  test.each<[string, readonly (RunStatus | null)[], string, string]>([
    ['nothing is known yet', [null, null], 'queued', '0 of 2 done'],
    ['all wait', [PENDING, null], 'queued', '0 of 2 done'],
    ['one runs', [PENDING, RUNNING], 'in_progress', '0 of 2 done'],
    ['one is done, one is not known', [done(), null], 'in_progress', '1 of 2 done'],
    ['one failed already', [failed(), RUNNING, PENDING], 'in_progress', '1 of 3 done'],
  ])('%s', (_name, statuses, status, title) => {
    const check = gate(SKIPPED, ...statuses.map((each, index) => run(`p${index}`, each)));

    expect(check).toMatchObject({ status, output: { title } });
    expect(check.conclusion).toBeUndefined();
    expect(check.completedAt).toBeUndefined();
  });

  test('its summary is a table with a link to every run', () => {
    expect(gate(run('api', failed()), run('web', null), run('x|y', PENDING), SKIPPED).output.summary).toBe(
      `| Project | Result |
| --- | --- |
| [api](https://ci.example.com/api) | test failed with exit code 2 |
| [web](https://ci.example.com/web) | Waiting |
| [x\\|y](https://ci.example.com/x|y) | Queued, 1 ahead |
| docs | skipped: no file under docs/ changed \\(1 file since main\\) |`,
    );
  });

  test('its page says the same in plain text', () => {
    expect(gateReport([run('api', RUNNING), SKIPPED])).toEqual({
      title: '0 of 1 done',
      summary: 'api: Running test (2 of 2)\ndocs: skipped: no file under docs/ changed (1 file since main)',
      links: [{ label: 'api', url: 'https://ci.example.com/api' }],
    });
  });
});

test('a gate without any run is posted as skipped, with its reasons', () => {
  const report = skippedGateReport([SKIPPED]);

  expect(report.conclusion).toBe('skipped');
  expect(report.output.title).toBe('Nothing to run');
  expect(report.output.summary).toContain('| docs | skipped: no file under docs/ changed');
  expect(report.page).toEqual({
    title: 'Nothing to run',
    summary: 'docs: skipped: no file under docs/ changed (1 file since main)',
    links: [],
  });
});
