import { execFile, spawnSync } from 'node:child_process';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { describe } from '@jest/globals';
import { dump, loadAll } from 'js-yaml';

const HELM = env.HELM || 'helm';
const CHART = new URL('../../charts/tekton-ci', import.meta.url).pathname;
// A Helm that `go install` made believes in Kubernetes 1.20.
const KUBERNETES = ['--kube-version', '1.34.0'];

/** Why the chart cannot be rendered here; null when it can. */
export const missing =
  spawnSync(HELM, ['version'], { stdio: 'ignore' }).status === 0
    ? null
    : `${HELM} does not run; put helm into the PATH, or name it by HELM`;

/** The least that the chart asks for. */
export const CREDENTIALS = { existingSecret: 'github-app' };

/** Of the chart; or the text of a values file. */
type Values = object | string;

export interface Rendered {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

/** `describe` where Helm is; elsewhere its tests are skipped. */
export const describeChart = missing === null ? describe : describe.skip;

/** All objects that the chart makes of the values, as the release `ci` in the namespace `tekton-ci`. */
export async function render(values: Values, ...options: string[]): Promise<readonly Rendered[]> {
  const { stdout } = await template(values, options);
  return (loadAll(stdout) as (Rendered | null)[]).filter((document) => document !== null);
}

/** What Helm says against the values; fails when it says nothing. */
export async function refusal(values: object): Promise<string> {
  const refused = await template(values, []).then(
    () => null,
    (error: { stderr: string }) => error.stderr,
  );
  if (refused === null) throw new Error('The values were taken');
  return refused;
}

/** What `helm lint --strict` says; rejects when it is not content. */
export async function lint(values: object): Promise<string> {
  const { stdout } = await helm(['lint', '--strict', CHART, '--values', '-', ...KUBERNETES], values);
  return stdout;
}

function template(values: Values, options: readonly string[]) {
  const release = ['ci', CHART, '--namespace', 'tekton-ci'];
  return helm(['template', ...release, '--values', '-', ...KUBERNETES, ...options], values);
}

async function helm(commandLine: readonly string[], values: Values): Promise<{ stdout: string }> {
  const running = promisify(execFile)(HELM, commandLine);
  running.child.stdin?.end(typeof values === 'string' ? values : dump(values, { noRefs: true }));
  return running;
}
