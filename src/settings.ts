import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatProblem } from './core/config/format-problem.ts';
import { DEFAULT_SETTINGS } from './core/settings/default-settings.ts';
import { parseSettings } from './core/settings/parse-settings.ts';
import type { OperatorSettings } from './core/settings/settings.ts';
import { UserError } from './core/user-error.ts';
import { type LogStoreSetting, readLogStoreSetting } from './log-store-setting.ts';

/** What the operator says by environment, and by the file that it names. All of it is in `.env.example`. */
export interface Settings {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly webhookPath: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logLevel: string;
  readonly logFormat: 'json' | 'pretty';
  /** `https://api.github.com`, or `<protocol>://<host>/api/v3` of GitHub Enterprise Server. */
  readonly githubApi: string;
  /** Public base of run pages; absent: this server's own address. */
  readonly url?: string;
  /** Absolute path of logs and local runs. */
  readonly data: string;
  readonly logStore: LogStoreSetting;
  /** What executes runs. */
  readonly engine: 'tekton' | 'local';
  /** What executes the steps of the local engine; `auto` is podman or docker. */
  readonly localRuntime: 'auto' | 'podman' | 'docker' | 'host';
  /** See `environmentOfRuntimes`. */
  readonly runtimeEnvironment: Readonly<Record<string, string>>;
  /** Milliseconds between two looks at GitHub's deliveries. */
  readonly sweepIntervalMs: number;
  /** What the settings file says; the defaults without one. */
  readonly operator: OperatorSettings;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * Reads the environment, the only place that does. Names are Probot's own where Probot has one
 * (https://probot.github.io/docs/configuration/), else they begin with `TEKTON_CI_`.
 * Throws one `UserError` that lists every missing and bad setting.
 */
export function readSettings(env: Environment): Settings {
  const problems: string[] = [];
  const settings: Settings = {
    appId: readNumber(env, problems, { name: 'APP_ID', least: 1 }),
    privateKey: readPrivateKey(env, problems),
    webhookSecret: readRequired(env, problems, 'WEBHOOK_SECRET'),
    webhookPath: readPath(env, problems),
    host: env.HOST || '0.0.0.0',
    port: readNumber(env, problems, { name: 'PORT', least: 0, fallback: 3000 }),
    logLevel: readOneOf(env, problems, { name: 'LOG_LEVEL', values: LOG_LEVELS, fallback: 'info' }),
    logFormat: readOneOf(env, problems, { name: 'LOG_FORMAT', values: ['json', 'pretty'], fallback: 'json' }),
    githubApi: readGitHub(env, problems),
    ...readUrl(env, problems),
    data: resolve(env.TEKTON_CI_DATA || '.tekton-ci'),
    logStore: readLogStoreSetting(env, problems),
    sweepIntervalMs:
      1000 * readNumber(env, problems, { name: 'TEKTON_CI_SWEEP_INTERVAL', least: 1, fallback: 60 }),
    engine: readEngine(env, problems),
    localRuntime: readOneOf(env, problems, {
      name: 'TEKTON_CI_LOCAL_RUNTIME',
      values: ['auto', 'podman', 'docker', 'host'],
      fallback: 'auto',
    }),
    runtimeEnvironment: environmentOfRuntimes(env),
    operator: readOperatorSettings(env, problems),
  };
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join('\n');
    throw new UserError('settings', `tekton-ci cannot start:\n${list}`);
  }
  return settings;
}

function readRequired(env: Environment, problems: string[], name: string): string {
  const value = env[name] ?? '';
  if (value.trim() === '') problems.push(`${name} is missing`);
  return value;
}

function readNumber(
  env: Environment,
  problems: string[],
  { name, least, fallback }: { name: string; least: number; fallback?: number },
): number {
  const text = env[name] ?? '';
  if (text === '' && fallback !== undefined) return fallback;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (text === '') problems.push(`${name} is missing`);
  else if (!(number >= least)) problems.push(`${name} must be a number of at least ${least}, not "${text}"`);
  return number;
}

function readOneOf<const Value extends string>(
  env: Environment,
  problems: string[],
  { name, values, fallback }: { name: string; values: readonly Value[]; fallback: Value },
): Value {
  const text = env[name] || fallback;
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) problems.push(`${name} must be one of ${values.join(', ')}, not "${text}"`);
  return value ?? fallback;
}

function readPrivateKey(env: Environment, problems: string[]): string {
  const file = env.PRIVATE_KEY_PATH;
  if (env.PRIVATE_KEY) return env.PRIVATE_KEY;
  if (!file) {
    problems.push('PRIVATE_KEY or PRIVATE_KEY_PATH is missing');
    return '';
  }
  return readFile(file, problems, 'PRIVATE_KEY_PATH') ?? '';
}

function readOperatorSettings(env: Environment, problems: string[]): OperatorSettings {
  const file = env.TEKTON_CI_SETTINGS;
  const text = file ? readFile(file, problems, 'TEKTON_CI_SETTINGS') : undefined;
  if (!file || text === undefined) return DEFAULT_SETTINGS;
  const parsed = parseSettings(text);
  if (parsed.ok) return parsed.settings;
  problems.push(...parsed.problems.map((problem) => formatProblem(problem, file)));
  return DEFAULT_SETTINGS;
}

function readFile(file: string, problems: string[], name: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function readPath(env: Environment, problems: string[]): string {
  const path = env.WEBHOOK_PATH || '/api/github/webhooks';
  if (!path.startsWith('/')) problems.push(`WEBHOOK_PATH must begin with a slash, not "${path}"`);
  return path;
}

function readGitHub(env: Environment, problems: string[]): string {
  const host = env.GHE_HOST;
  if (!host) return 'https://api.github.com';
  const protocol = env.GHE_PROTOCOL || 'https';
  if (!['http', 'https'].includes(protocol))
    problems.push(`GHE_PROTOCOL must be http or https, not "${protocol}"`);
  if (!/^[A-Za-z0-9.-]+(:\d+)?$/.test(host)) {
    problems.push(`GHE_HOST must be a host name, with or without a port, not "${host}"`);
  }
  return `${protocol}://${host}/api/v3`;
}

function readUrl(env: Environment, problems: string[]): { url?: string } {
  const url = env.TEKTON_CI_URL;
  if (!url) return {};
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    problems.push(`TEKTON_CI_URL must be an http or https address, not "${url}"`);
  }
  return { url };
}

/** `auto`: Kubernetes, when we run in it or are told where it is. */
function readEngine(env: Environment, problems: string[]): Settings['engine'] {
  const values = ['auto', 'local', 'tekton'] as const;
  const engine = readOneOf(env, problems, { name: 'TEKTON_CI_ENGINE', values, fallback: 'auto' });
  if (engine !== 'auto') return engine;
  const isTold = env.HOME !== undefined && existsSync(join(env.HOME, '.kube', 'config'));
  return env.KUBERNETES_SERVICE_HOST || env.KUBECONFIG || isTold ? 'tekton' : 'local';
}

/**
 * What podman and docker look at: where programs and their own files are, how their service is reached, and proxies for
 * pulling. Everything else, tokens above all, is not theirs to see.
 */
const OF_RUNTIMES =
  /^(PATH|HOME|USER|LANG|TMPDIR|SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|REGISTRY_AUTH_FILE|XDG_\w+|DOCKER_\w+|CONTAINERS?_\w+|(https?|no|all)_proxy)$/i;

/** The variables of runtimes; steps on this machine get its `PATH`, and steps in containers nothing of it. */
export function environmentOfRuntimes(env: Environment): Record<string, string> {
  const known = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && OF_RUNTIMES.test(name) ? [[name, value] as const] : [],
  );
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(known) };
}
