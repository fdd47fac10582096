import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { WireLines, WireRun } from '../src/web/wire.ts';
import { launchBrowser, openPage, read, untilLive } from '../test/browser/browser.ts';
import { findChromium } from '../test/browser/find-chromium.ts';
import { FIRST_PAINT, SCROLL_AND_MEASURE } from '../test/browser/long-log.ts';
import { holdCommand, shellProject } from '../test/e2e/world.ts';
import { startGitHub } from '../test/github/github.ts';
import { type RunningApp, startApp } from '../test/server/start-app.ts';
import { COLLECTING_SERVER, type Memory, readMemory } from './server-memory.ts';
import { quantile, type Row } from './table.ts';

const LINES = 500_000;
const FOLLOWERS = 50;
const FOLLOW_SECONDS = 15;
const ROUNDS = 5;

/** 120 bytes a line. */
const WRITE_LONG = `awk 'BEGIN { for (i = 1; i <= ${LINES}; i++) printf "[%d%%] \\033[32mBuilding\\033[0m CXX object src/lib/module%d/CMakeFiles/part.dir/source_%d.cpp.o with -O2 -Wall -g -fPIC xx\\n", i % 97, i % 5000, i }'`;

/** A few hundred lines a second, as a busy build writes them. */
const WRITE_ON = 'while [ -e .tekton-ci.yml ]; do seq 1 50; sleep 0.2; done';

/** The page of a live run whose log has 500,000 lines, on the real server: how it opens and scrolls, and what followers cost. */
export async function benchPage(): Promise<Row[]> {
  const data = await mkdtemp(join(tmpdir(), 'tekton-ci-bench-'));
  const github = await startGitHub();
  let server: RunningApp | undefined;
  try {
    const app = await github.createApp({ webhookSecret: 'secret' });
    server = await startApp({ github, app, data, program: COLLECTING_SERVER });
    const repository = await github.createRepository({ owner: 'acme', name: 'bench', private: true });
    const written = holdCommand(`${data}/written`);
    const files = shellProject(`${WRITE_LONG}; ${written.command}; ${WRITE_ON}`);
    const sha = await github.commit(repository, { files, message: 'Add CI' });
    await (await github.push(repository, { branch: 'main', sha })).delivery;
    await written.begun();
    const url = github.checks(repository, sha)[0]?.detailsUrl ?? '';
    await untilWritten(url);
    const browsed = await browse(url);
    await written.letGo();
    return [...browsed, ...(await followed(server, url))];
  } finally {
    await server?.stop();
    await github.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** Until the server has stored all lines. */
async function untilWritten(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  const logs = `${url}/logs/test`;
  while (!(await hasLine(logs, LINES))) {
    if (Date.now() > deadline) throw new Error('the log was not stored');
    await setTimeout(200);
  }
}

async function hasLine(logs: string, line: number): Promise<boolean> {
  const response = await fetch(`${logs}/lines?from=${line}&count=1`);
  return response.ok && ((await response.json()) as WireLines).lines.length === 1;
}

async function browse(url: string): Promise<Row[]> {
  const answers: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    await (await fetch(url)).text();
    answers.push(performance.now() - begun);
  }
  const served: Row = {
    name: `page of ${LINES} lines, whole answer`,
    value: quantile(answers, 0.5),
    unit: 'ms',
    note: `median of ${ROUNDS}, loopback`,
  };
  if (findChromium() === null)
    return [{ ...served, note: `${served.note}; no Chromium: paint not measured` }];
  const browser = await launchBrowser();
  try {
    const paints: number[] = [];
    const tasks: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { page } = await openPage(browser, url);
      await untilLive(page, 'test');
      paints.push(await read(page, FIRST_PAINT));
      tasks.push(await read(page, SCROLL_AND_MEASURE));
      await page.close();
    }
    return [
      served,
      {
        name: 'first paint',
        value: quantile(paints, 0.5),
        unit: 'ms',
        note: `worst ${Math.max(...paints).toFixed(0)}`,
      },
      {
        name: 'longest task while scrolling',
        value: quantile(tasks, 0.5),
        unit: 'ms',
        note: `median of ${ROUNDS}, worst ${Math.max(...tasks).toFixed(0)}; 0 is none above 50`,
      },
    ];
  } finally {
    await browser.close();
  }
}

async function followed(server: RunningApp, url: string): Promise<Row[]> {
  const before = await settled(server);
  const leave = new AbortController();
  const states = { count: 0 };
  for (let follower = 0; follower < FOLLOWERS; follower++)
    void follow(url, states, leave.signal).catch(() => {});
  let most = 0;
  for (let second = 0; second < FOLLOW_SECONDS; second++) {
    await setTimeout(1_000);
    most = Math.max(most, (await readMemory(server)).rss);
  }
  leave.abort();
  return [
    {
      name: `resident memory for ${FOLLOWERS} followers`,
      value: (most - before.rss) / 1e6,
      unit: 'MB',
      note: `most in ${FOLLOW_SECONDS} s over ${(before.rss / 1e6).toFixed(0)} MB; ${states.count} states told`,
    },
  ];
}

/** What is left of reading and writing the long log goes first. */
async function settled(server: RunningApp): Promise<Memory> {
  for (let round = 0; round < 10; round++) {
    await readMemory(server);
    await setTimeout(500);
  }
  return readMemory(server);
}

/** What the page's script asks for: the page, its events, and with each of them the log's newest lines. */
async function follow(url: string, states: { count: number }, signal: AbortSignal): Promise<void> {
  await (await fetch(url, { signal })).text();
  await (await fetch(`${url}/logs/test/outline`, { signal })).text();
  await new Promise<void>((resolve, reject) => {
    const stream = request(`${url}/events`, { signal, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        const data = /^data: (\{"now".*)$/m.exec(text)?.[1];
        if (data === undefined) return;
        states.count += 1;
        const lines =
          (JSON.parse(data) as WireRun).steps.find(({ slug }) => slug === 'test')?.log?.lines ?? 1;
        const from = Math.floor((lines - 1) / 200) * 200 + 1;
        fetch(`${url}/logs/test/lines?from=${from}&count=200`, { signal })
          .then((answer) => answer.text())
          .catch(() => {});
      });
      response.on('end', resolve).on('error', reject);
    });
    stream.on('error', reject).end();
  });
}
