/**
 * `node scripts/draw-check.ts`: draws the pictures of checks in docs/images, as GitHub's page would show them, from
 * real checks of the real server: check.png, of a push with a failing test, and waiting.png, of a stranger's pull request.
 */
import { writeFile } from 'node:fs/promises';
import { marked } from 'marked';
import { launchBrowser } from '../test/browser/browser.ts';
import { startForkWorld } from '../test/e2e/fork-world.ts';
import { completed, startWorld } from '../test/e2e/world.ts';
import type { CheckState } from '../test/github/check-store.ts';

const FILES = {
  '.tekton-ci.yml': 'node: 24\nbuild: on\n',
  'package.json': JSON.stringify({
    name: 'greeter',
    type: 'module',
    scripts: { test: 'node greet.test.js', build: 'true' },
  }),
  'greet.js': "export const greet = (name) => 'Hello, ' + name + '!';\n",
  'greet.test.js': [
    "import assert from 'node:assert/strict';",
    "import { greet } from './greet.js';",
    '',
    "assert.equal(greet('Ada'), 'Hello, Ada!');",
    "assert.equal(greet(''), 'Hello, stranger!', 'greets a stranger');",
    '',
  ].join('\n'),
};

const GOOD = { ...FILES, '.tekton-ci.yml': 'node: 24\nbuild: on\nimage: ghcr.io/acme/greeter\n' };

const CHANGE = {
  '.tekton-ci.yml': 'node: 24\ntest: printenv\n',
  Dockerfile: 'FROM node:24\n',
  'goodbye.js': '',
  'package.json': FILES['package.json'].replace('greet.test.js', 'goodbye.js'),
};

interface Shown {
  readonly check: CheckState;
  readonly mark: string;
  readonly words: string;
  readonly button: string;
}

async function failingCheck(): Promise<Shown> {
  const world = await startWorld();
  try {
    const repository = await world.repository('greeter');
    const { sha } = await world.github.pushFiles(repository, {
      files: FILES,
      message: 'Greet strangers too',
    });
    const [found] = await world.until(repository, sha, completed);
    if (found === undefined) throw new Error('the push has no check');
    const words = `failed · acme/greeter · main · ${sha.slice(0, 7)}`;
    return { check: found, mark: '<span class="mark red">✕</span>', words, button: 'Re-run' };
  } finally {
    await world.close();
  }
}

async function waitingCheck(): Promise<Shown> {
  const world = await startForkWorld();
  try {
    const pull = await world.forked({ name: 'greeter', files: GOOD, change: CHANGE });
    const [check] = world.checksOf(pull, pull.sha);
    if (check === undefined) throw new Error('the pull request has no check');
    const words = `action required · acme/greeter · #${pull.number} · ${pull.sha.slice(0, 7)}`;
    const button = String(check.actions[0]?.label);
    return { check, mark: '<span class="mark yellow">!</span>', words, button };
  } finally {
    await world.close();
  }
}

async function draw(html: string): Promise<Uint8Array> {
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 880, height: 400, deviceScaleFactor: 2 });
    await tab.setContent(html);
    return await tab.screenshot({ fullPage: true });
  } finally {
    await browser.close();
  }
}

/** The summary is Markdown made by us of a repository made by us, so it is shown as it is. */
function page({ check: { name, title, summary }, mark, words, button }: Shown): string {
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>
<header>${mark}<div><h1>${name}</h1><p>${words}</p></div><span class="button">${button}</span></header>
<main><h2>${title}</h2>${marked.parse(summary ?? '')}</main>`;
}

const STYLE = `
body { margin: 0; padding: 20px; font: 14px/1.5 "DejaVu Sans", sans-serif; color: #1f2328; background: #fff; }
header { display: flex; gap: 12px; align-items: center; border: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 12px 16px; background: #f6f8fa; }
header h1 { font-size: 16px; margin: 0; } header p { margin: 0; color: #59636e; font-size: 12px; } header div { flex: 1; }
.mark { color: #fff; border-radius: 50%; width: 22px; height: 22px; text-align: center; line-height: 22px; font-weight: bold; }
.red { background: #d1242f; } .yellow { background: #9a6700; }
.button { border: 1px solid #d1d9e0; border-radius: 6px; padding: 3px 12px; background: #fff; font-size: 12px; }
main { border: 1px solid #d1d9e0; border-top: 0; border-radius: 0 0 6px 6px; padding: 4px 20px 12px; }
h2 { font-size: 20px; margin: 14px 0; } h3 { font-size: 16px; }
pre { background: #f6f8fa; border-radius: 6px; padding: 12px; font: 12px/1.45 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
code { font-family: "DejaVu Sans Mono", monospace; font-size: 12px; background: #eff1f3; border-radius: 4px; padding: 2px 5px; } pre code { background: none; padding: 0; }
table { border-collapse: collapse; margin: 12px 0; } th, td { border: 1px solid #d1d9e0; padding: 5px 13px; text-align: left; }
a { color: #0969da; text-decoration: none; } summary { color: #1f2328; }
`;

await writeFile('docs/images/check.png', await draw(page(await failingCheck())));
await writeFile('docs/images/waiting.png', await draw(page(await waitingCheck())));
