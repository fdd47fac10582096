import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogChunk } from '../../../src/app/ports.ts';
import { describeRun } from '../../../src/app/runs/describe-run.ts';
import type { RunName } from '../../../src/core/pipeline/run.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import { createDiskLogStore } from '../../../src/logs/disk-log-store.ts';
import { createRequestListener } from '../../../src/web/request-listener.ts';
import { createRunLinks } from '../../../src/web/run-links.ts';
import { createRunPages } from '../../../src/web/run-pages.ts';
import { startWebServer } from '../../../src/web/web-server.ts';
import { pushEvent } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld, startProcess } from '../fakes/world.ts';

const CONFIG = 'node: 24\ntest: npm test\n';
const LINES = 'x\n'.repeat(200);
const FILES = Object.fromEntries(
  ['src/a.ts', 'src/a.c', 'a_test.go', 'src/a.test.js', 'src/a.js'].map((path) => [path, LINES]),
);

/** What left of a run, by where it went. */
export type Published = Readonly<Record<string, string>>;

/** What happens in a run. */
export interface Happening {
  readonly secrets: readonly string[];
  readonly chunks: readonly Uint8Array[];
  readonly status: RunStatus;
}

/** The app with its disk and its web server; GitHub and the engine are fakes. */
export async function startPublisher() {
  const world = createWorld();
  const directory = await mkdtemp(join(tmpdir(), 'tekton-ci-masking-'));
  const logStore = createDiskLogStore({ directory });
  const chunksOf = new Map<RunName, readonly Uint8Array[]>();
  const engine: typeof world.engine = {
    ...world.engine,
    async *logs(name, { stage }): AsyncGenerator<LogChunk> {
      if (stage !== 'test') return;
      for (const bytes of chunksOf.get(name) ?? []) yield { at: world.clock.now(), bytes };
    },
  };
  const links = createRunLinks({ baseUrl: '', secret: 'secret' });
  const ports = { ...world, engine, logStore, links };
  const process = await startProcess(ports);
  const { runs } = process.follower;
  const findRun = (name: RunName) => {
    const run = runs.get(name);
    return run === undefined ? null : describeRun(run, runs);
  };
  const { clock, log } = world;
  const pages = { logStore, links, clock, log, ...createRunPages({ logStore, clock, log, findRun }) };
  const webhook = { path: '/', handler: () => {} };
  const web = await startWebServer({
    port: 0,
    host: '127.0.0.1',
    listener: createRequestListener({ ...pages, webhook, ready: {} }),
  });

  async function publish({ secrets, chunks, status }: Happening): Promise<Published> {
    const logged = log.lines.length;
    const sha = (world.engine.submitted.length + 1).toString(16).padStart(40, '0');
    world.repositories.commit(sha, { '.tekton-ci.yml': CONFIG, ...FILES });
    await startPush(ports, pushEvent({ sha, deliveryId: sha }));
    await settled();
    const { name } = world.engine.submitted.at(-1)!.run;
    chunksOf.set(name, chunks);
    world.engine.give(name, ...secrets);
    // A check is not updated twice in a moment; later no time may pass, for its end does not wait for ever for a log.
    await world.clock.advance(6);
    world.engine.set(name, status);
    const check = () => world.checks.stored.find(({ externalId }) => externalId === name);
    const isTold = () =>
      status.phase === 'done' ? check()?.status === 'completed' : check()?.output.title !== 'Queued';
    await until(isTold);
    return {
      ...(await filesBelow(directory, name)),
      ...(await pagesOf(links.url(name), web.port, status.phase === 'done' && status.steps.length > 0)),
      check: JSON.stringify(check()),
      'annotations of the run': JSON.stringify(world.engine.runs.get(name)?.annotations),
      'log of the app': JSON.stringify(log.lines.slice(logged)),
    };
  }

  return {
    publish,
    async close() {
      pages.events.close();
      await web.close();
      await process.stop();
      await logStore.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function filesBelow(directory: string, name: RunName): Promise<Published> {
  const folder = join(directory, 'logs', name);
  const files = await readdir(folder).catch(() => []);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [`file ${file}`, texts[index]!]));
}

async function pagesOf(page: string, port: number, hasLog: boolean): Promise<Published> {
  const log = `${page}/logs/test`;
  const addresses = [
    page,
    `${page}/events`,
    ...(hasLog ? [log, `${log}/lines?from=1&count=1000`, `${log}/outline`] : []),
  ];
  const bodies = await Promise.all(addresses.map((path) => bodyOf(path, port)));
  // Random, and so like anything.
  const signature = page.split('/').at(-1)!;
  const texts = bodies.map((body) => body.replaceAll(signature, 'signature'));
  return Object.fromEntries(addresses.map((path, index) => [path.replace(page, 'page'), texts[index]!]));
}

/** Of a stream of events the first one, which says all. */
function bodyOf(path: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ path, port, host: '127.0.0.1', agent: false }, async (response) => {
      let body = `${response.statusCode}\n`;
      for await (const chunk of response.setEncoding('utf8')) {
        body += chunk;
        if (/^data: .*\n\n/m.test(body)) break;
      }
      resolve(body);
    });
    request.on('error', reject);
  });
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('not within 10 s');
    await settled();
  }
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** What people read of it, and what programs do: as it is, without tags and escapes, and each text of JSON in it by itself. */
export function readingsOf(text: string): readonly string[] {
  const told = textsOfJson(text);
  if (told.length > 0) return told;
  const plain = text
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hexadecimal, name) =>
      name === undefined
        ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal))
        : (NAMED[name] ?? whole),
    );
  return [text, plain, ...text.split('\n').flatMap(textsOfJson)];
}

/** JSON is written in one line, by events behind a word. */
function textsOfJson(line: string): readonly string[] {
  const json = line.replace(/^data: /, '');
  if (!/^[[{].*[\]}]$/.test(json)) return [];
  try {
    return textsIn(JSON.parse(json));
  } catch {
    // A line of a log that looks so.
    return [];
  }
}

/** Parts of a line as one text. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string')
    return [
      value,
      value
        .replace(/\\([^\w\s])/g, '$1')
        .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
    ];
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value);
  if (Array.isArray(value) && inner.every((one) => typeof one === 'string' || Array.isArray(one)))
    return [inner.map((one) => (typeof one === 'string' ? one : String(one[0]))).join('')];
  return inner.flatMap(textsIn);
}
