import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createMetrics } from '../../src/web/metrics.ts';

const OWN = /^# TYPE (?<name>tekton_ci_\w+) (?<type>\w+)$/gm;
const DOCUMENTED = /^\| `(?<name>tekton_ci_\w+)` \| (?<type>\w+) \| (?<labels>[^|]+) \|/gm;

test('the documentation lists every metric, with its type', async () => {
  const text = await createMetrics().text();
  const documentation = readFileSync('docs/reference/metrics.md', 'utf8');

  const real = [...text.matchAll(OWN)].map(({ groups }) => `${groups?.name} ${groups?.type}`);
  const told = [...documentation.matchAll(DOCUMENTED)].map(({ groups }) => `${groups?.name} ${groups?.type}`);

  expect(real.length).toBeGreaterThan(10);
  expect(told.toSorted()).toEqual(real.toSorted());
});

test('what happens is counted', async () => {
  const metrics = createMetrics();
  metrics.read({ runs: () => ({ live: 2, queued: 3 }), storedBytes: async () => 42, leads: () => true });

  metrics.delivery('push', 200);
  metrics.delivery('push', 503);
  metrics.delivery('unknown', 401);
  metrics.githubRequest({ method: 'GET', route: '/app/hook/deliveries', status: '200', seconds: 0.5 });
  metrics.redelivered();
  metrics.deadLetter();
  metrics.runMade(0.2);
  metrics.checkMade(0.4);
  metrics.reported(6);
  metrics.reportRetried();

  const text = await metrics.text();
  for (const line of [
    'tekton_ci_deliveries_total{event="push",outcome="done"} 1',
    'tekton_ci_deliveries_total{event="push",outcome="failed"} 1',
    'tekton_ci_deliveries_total{event="unknown",outcome="refused"} 1',
    'tekton_ci_github_requests_total{method="GET",route="/app/hook/deliveries",status="200"} 1',
    'tekton_ci_github_request_seconds_total{method="GET",route="/app/hook/deliveries"} 0.5',
    'tekton_ci_redeliveries_total 1',
    'tekton_ci_dead_letters_total 1',
    'tekton_ci_event_to_run_seconds_bucket{le="0.25"} 1',
    'tekton_ci_event_to_check_seconds_sum 0.4',
    'tekton_ci_report_lag_seconds_bucket{le="5"} 0',
    'tekton_ci_report_lag_seconds_bucket{le="10"} 1',
    'tekton_ci_report_retries_total 1',
    'tekton_ci_runs{state="live"} 2',
    'tekton_ci_runs{state="queued"} 3',
    'tekton_ci_leading 1',
    'tekton_ci_log_store_bytes 42',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});
