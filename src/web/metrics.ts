import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../app/ports.ts';
import type { MetricsPage } from './metrics-page.ts';

/** What is read when the page is asked for. */
export interface MetricsSources {
  runs(): { readonly live: number; readonly queued: number };
  /** Of all logs and reports on the disk. */
  storedBytes(): Promise<number>;
  /** Whether this is the server that decides and reports. */
  leads(): boolean;
}

export interface ServerMetrics extends Metrics, MetricsPage {
  /** A request to the webhook was answered. */
  delivery(event: string, status: number): void;
  githubRequest(request: { method: string; route: string; status: string; seconds: number }): void;
  /** Until this is called there are no runs and no logs. */
  read(sources: MetricsSources): void;
}

/** From a tenth of a second to ten minutes. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

/** Every metric of the server, in Prometheus' text format; docs/reference/metrics.md says what each means. */
export function createMetrics(): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  let sources: MetricsSources | null = null;
  collectDefaultMetrics({ register: registry });

  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `tekton_ci_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string) =>
    new Histogram({ name: `tekton_ci_${name}`, help, buckets: SECONDS, registers });

  const deliveries = counter('deliveries_total', 'Webhook requests that were answered', ['event', 'outcome']);
  const redeliveries = counter('redeliveries_total', 'Deliveries that GitHub was asked to send again');
  const deadLetters = counter('dead_letters_total', 'Deliveries given up after the last redelivery');
  const eventToRun = histogram('event_to_run_seconds', 'From the receipt of an event to its durable run');
  const eventToCheck = histogram('event_to_check_seconds', 'From the receipt of an event to its check');
  const requests = counter('github_requests_total', 'Requests to GitHub', ['method', 'route', 'status']);
  const requestSeconds = counter('github_request_seconds_total', 'Time that requests to GitHub took', [
    'method',
    'route',
  ]);
  const retries = counter('report_retries_total', 'Checks whose report failed and is tried again');
  const lag = histogram('report_lag_seconds', 'From a change of a check to its acceptance by GitHub');

  new Gauge({
    name: 'tekton_ci_runs',
    help: 'Runs that have not ended, by state',
    labelNames: ['state'],
    registers,
    collect() {
      const { live, queued } = sources?.runs() ?? { live: 0, queued: 0 };
      this.set({ state: 'live' }, live);
      this.set({ state: 'queued' }, queued);
    },
  });
  new Gauge({
    name: 'tekton_ci_leading',
    help: 'Whether this server is the one of its replicas that decides and reports',
    registers,
    collect() {
      this.set(sources?.leads() === true ? 1 : 0);
    },
  });
  new Gauge({
    name: 'tekton_ci_log_store_bytes',
    help: 'Size of stored logs and reports',
    registers,
    async collect() {
      this.set((await sources?.storedBytes()) ?? 0);
    },
  });

  return {
    type: registry.contentType,
    text: () => registry.metrics(),
    read(from) {
      sources = from;
    },
    delivery: (event, status) => deliveries.inc({ event, outcome: outcomeOf(status) }),
    githubRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      requestSeconds.inc({ method, route }, seconds);
    },
    redelivered: () => redeliveries.inc(),
    deadLetter: () => deadLetters.inc(),
    runMade: (seconds) => eventToRun.observe(seconds),
    checkMade: (seconds) => eventToCheck.observe(seconds),
    reported: (seconds) => lag.observe(seconds),
    reportRetried: () => retries.inc(),
  };
}

/** `done` is durable, `failed` will come again, `refused` was not GitHub's. */
function outcomeOf(status: number): string {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}
