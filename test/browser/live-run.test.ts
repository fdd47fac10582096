import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { completed, holdCommand, shellProject, startWorld, type World } from '../e2e/world.ts';
import {
  accessibilityViolations,
  launchBrowser,
  openPage,
  read,
  rowsInView,
  untilInPage,
  untilLive,
} from './browser.ts';

let browser: Browser;
let world: World;
let settings: string;

beforeAll(async () => {
  settings = await mkdtemp(join(tmpdir(), 'tekton-ci-browser-'));
  const file = join(settings, 'settings.yml');
  // One run at a time: others are queued for as long as a test wants.
  await writeFile(file, 'limits: { total: 1 }\n');
  const env = { TEKTON_CI_SETTINGS: file };
  [browser, world] = await Promise.all([launchBrowser(), startWorld({ env })]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
  await rm(settings, { recursive: true });
});

describe('a run of the real server', () => {
  test('is watched from the queue to its verdict, in one page that is never loaded again', async () => {
    const first = holdCommand(`${world.data}/first`);
    const before = await push('before', shellProject(first.command));
    await first.begun();
    const held = holdCommand(`${world.data}/held`);
    const commands = ['echo first', `${held.command}; seq 1 2000`, 'echo last; exit 3'];
    const { repository, sha } = await push('live', shellProject(commands));
    const [check] = await world.until(repository, sha, (checks) => checks.length > 0);
    const { page, complaints } = await openPage(browser, check!.detailsUrl ?? '');
    await page.evaluate('globalThis.same = true');
    expect(await textOf(page, '#verdict')).toBe('Queued');
    expect(await page.$('#test summary')).toBeNull();
    await first.letGo();
    await world.until(before.repository, before.sha, completed);

    await held.begun();
    await untilLive(page, 'test');
    expect(await textOf(page, '#verdict')).toBe('Running');
    expect(await page.$eval('#test .follow', (button) => button.getAttribute('aria-pressed'))).toBe('true');
    await untilInPage(page, `document.querySelectorAll('#test .slice .heading').length === 2`);
    expect(await accessibilityViolations(page)).toEqual([]);

    await held.letGo();
    await world.until(repository, sha, completed);
    await untilInPage(page, `document.querySelector('#verdict').innerText === 'Failed'`);
    await untilInPage(
      page,
      `document.querySelector('#test .log').innerText.includes('failed with exit code 3')`,
    );

    expect(await textOf(page, '#announcement')).toMatch(/^Failed: test failed/);
    expect(await page.title()).toMatch(/^test failed/);
    expect((await rowsInView(page, 'test')).at(-1)).toMatch(
      /tekton-ci: command 3 of 3 failed with exit code 3$/,
    );
    expect(await read(page, `'same' in globalThis`)).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);

  test('is followed while it writes, until the reader scrolls back, and again by a key', async () => {
    const held = holdCommand(`${world.data}/follow`);
    const slow = `seq 1 3000; ${held.command}; seq 3001 6000; while [ -e .tekton-ci.yml ]; do sleep 0.2; done`;
    const { repository, sha } = await push('follow', shellProject(slow));
    await held.begun();
    const [check] = world.github.checks(repository, sha);
    const { page } = await openPage(browser, check!.detailsUrl ?? '');
    await untilLive(page, 'test');
    await untilInPage(
      page,
      `document.querySelector('#test .slice .line:last-child .text').textContent === '3000'`,
    );

    await page.$eval('#test .log', (box) => box.scrollTo(0, 2_000));
    await untilInPage(page, `document.querySelector('#test .follow').ariaPressed === 'false'`);
    const before = await page.$eval('#test .log', (box) => box.scrollTop);
    await held.letGo();
    await untilInPage(page, `document.querySelector('#test .extent').textContent.startsWith('6,0')`);
    expect(await page.$eval('#test .log', (box) => box.scrollTop)).toBe(before);

    await page.focus('#test .log');
    await page.keyboard.press('f');
    await untilInPage(
      page,
      `document.querySelector('#test .slice .line:last-child .text').textContent === '6000'`,
    );
    expect((await rowsInView(page, 'test')).at(-1)).toMatch(/ 6000$/);
    await page.close();
  }, 60_000);
});

async function push(name: string, files: Readonly<Record<string, string>>) {
  const repository = await world.repository(name);
  const sha = await world.github.commit(repository, { files, message: 'Add CI' });
  const { delivery } = await world.github.push(repository, { branch: 'main', sha });
  await delivery;
  return { repository, sha };
}

function textOf(page: Page, selector: string): Promise<string> {
  return read(page, `document.querySelector('${selector}').innerText.trim()`);
}
