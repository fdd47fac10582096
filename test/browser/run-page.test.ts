import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'puppeteer-core';
import {
  accessibilityViolations,
  launchBrowser,
  type OpenedPage,
  openPage,
  type PageOptions,
  read,
  rowsInView,
  untilInPage,
  untilLive,
} from './browser.ts';
import { startSampleSite } from './sample-site.ts';

let browser: Browser;
let site: Awaited<ReturnType<typeof startSampleSite>>;
const opened: OpenedPage[] = [];

beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), startSampleSite()]);
});
afterEach(async () => {
  for (const { page } of opened.splice(0)) await page.close();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

async function open(name: string, options: PageOptions = {}, hash = ''): Promise<OpenedPage> {
  const page = await openPage(browser, `${site.url(name)}${hash}`, options);
  opened.push(page);
  return page;
}

describe('a failed run', () => {
  test('shows the end of the command that failed, with its exit code, and folds the others', async () => {
    const { page, complaints } = await open('failed');
    await untilLive(page, 'test');

    const rows = await rowsInView(page, 'test');
    expect(rows.at(-1)).toBe('74 tekton-ci: command 3 of 3 failed with exit code 1');
    await page.$eval('#test .log', (box) => box.scrollTo(0, 0));
    expect(await groups(page)).toEqual([
      'go version, folded, 1 s',
      'go vet ./..., folded, 1 s',
      'go test ./..., open, exit code 1, 44 s',
    ]);
    expect(complaints).toEqual([]);
  });

  test('unfolds a command and folds it again', async () => {
    const { page } = await open('failed');
    await untilLive(page, 'test');
    await page.$eval('#test .log', (box) => box.scrollTo(0, 0));

    await page.click('button[data-group="1"]');
    await untilInPage(page, `document.querySelector('#test [data-line="2"]') !== null`);
    expect((await rowsInView(page, 'test')).slice(0, 3)).toEqual([
      '1 go version',
      '2 go version go1.25.3 linux/amd64',
      '4 go vet ./...',
    ]);
    await page.click('button[data-group="1"]');
    await untilInPage(page, `document.querySelector('#test [data-line="2"]') === null`);
  });

  test('shows the times of lines, and lets long lines go on to the right', async () => {
    const { page } = await open('failed');
    await untilLive(page, 'test');
    const state = () =>
      page.$eval('#test .log', (box) => ({
        time: box.querySelector('time[datetime]')?.getBoundingClientRect().width,
        scrollsSideways: box.scrollWidth > box.clientWidth,
      }));
    expect(await state()).toEqual({ time: 0, scrollsSideways: false });

    await page.click('#test .times');
    await page.click('#test .wraps');

    expect((await state()).time).toBeGreaterThan(40);
    expect((await state()).scrollsSideways).toBe(true);
  });

  test('leads to the other attempts, the raw log and the log as a file', async () => {
    const { page } = await open('failed');
    const raw = await read<string>(page, `document.querySelector('#test .choices a').href`);
    expect(await (await fetch(raw)).text()).toContain('::group::go version\n');
    expect(await read(page, `document.querySelector('#test .choices a[download]').href`)).toBe(raw);

    await Promise.all([page.waitForNavigation(), page.click('.attempts li:nth-child(2) a')]);

    expect(await page.$eval('h1', ({ textContent }) => textContent)).toBe('Succeeded in 50 s');
  });
});

describe('the address of lines', () => {
  test('opens their step and their command, and marks them', async () => {
    const { page } = await open('fine', {}, '#test-L4');
    await untilInPage(page, `document.querySelector('#test .picked') !== null`);

    expect(await picked(page)).toEqual(['4']);
    expect(await rowsInView(page, 'test')).toContain('4 ok  \tgithub.com/acme/api\t0.2s');
  });

  test('is made by a click, and of several lines by a second one with shift', async () => {
    const { page } = await open('failed');
    await untilLive(page, 'test');

    await page.click('#test [data-line="70"]');
    expect(await read(page, 'location.hash')).toBe('#test-L70');
    await page.keyboard.down('Shift');
    await page.click('#test [data-line="72"]');
    await page.keyboard.up('Shift');

    expect(await read(page, 'location.hash')).toBe('#test-L70-L72');
    await untilInPage(page, `document.querySelectorAll('#test .picked').length === 3`);
    expect(await picked(page)).toEqual(['70', '71', '72']);
  });
});

test('by the keyboard alone one finds a text, goes from hit to hit, and reads what keys there are', async () => {
  const { page, complaints } = await open('failed');
  await untilLive(page, 'test');

  await page.keyboard.press('/');
  await page.keyboard.type('PACKAGE1');
  await untilInPage(page, `document.querySelector('#test .hits').textContent === '1/11'`);
  expect(await hit(page)).toBe('9');
  expect(await read(page, `CSS.highlights.get('found').size`)).toBeGreaterThan(5);
  await page.keyboard.press('Enter');
  await untilInPage(page, `document.querySelector('#test .hit .number')?.textContent === '18'`);
  await page.keyboard.press('Escape');
  await untilInPage(page, `document.querySelector('#test .hits').textContent === ''`);

  await page.keyboard.press('l');
  expect(await read(page, 'location.hash')).toMatch(/^#test-L\d+$/);

  await page.keyboard.press('?');
  expect(await read(page, `document.querySelector('dialog').open`)).toBe(true);
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  // From the beginning of the page: links, the first step, which Enter opens.
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await untilLive(page, 'clone');
  await page.keyboard.press('Tab');
  expect(await read(page, 'document.activeElement.ariaLabel')).toBe('Search the log of clone');
  expect(await read(page, 'getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  expect(complaints).toEqual([]);
});

test('without scripts everything can be read: commands, colours and times', async () => {
  const { page, complaints } = await open('failed', { scripts: false });

  const text = await read<string>(page, `document.querySelector('#test').innerText`);
  expect(text).toContain('tekton-ci: command 3 of 3 failed with exit code 1');
  expect(text).toContain('go vet ./...');
  expect(await page.$$eval('#test .fore-red', (found) => found.length)).toBeGreaterThan(0);
  await page.click('#test .times');
  expect(await read(page, `document.querySelector('#test-L70 time').offsetWidth`)).toBeGreaterThan(40);
  expect(complaints).toEqual([]);
});

describe('axe-core finds nothing', () => {
  test.each<[string, PageOptions]>([
    ['in the light', {}],
    ['in the dark', { dark: true }],
    ['on a phone', { phone: true }],
    ['on a phone in the dark', { phone: true, dark: true }],
  ])('%s', async (_, options) => {
    const { page, complaints } = await open('failed', options);
    await untilLive(page, 'test');
    await page.click('#clone > summary');
    await page.click('#test .times');
    await untilLive(page, 'clone');

    expect(await accessibilityViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('without scripts', async () => {
    const { page } = await open('failed', { scripts: false });
    // The page's own script stays away: it ran, or did not, when the page was loaded.
    await page.setJavaScriptEnabled(true);

    expect(await accessibilityViolations(page)).toEqual([]);
  });
});

test('on a phone of 390 pixels nothing goes over the edge but the log', async () => {
  const { page } = await open('failed', { phone: true });
  await untilLive(page, 'test');
  const overflow = () => read(page, 'document.documentElement.scrollWidth - innerWidth');

  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.click('#test .wraps');
  expect(await overflow()).toBeLessThanOrEqual(0);
  expect(await page.$eval('#test .log', (box) => box.scrollWidth > box.clientWidth)).toBe(true);
});

describe('a hostile log', () => {
  test.each([[true], [false]])('executes nothing and imitates nothing (scripts: %p)', async (scripts) => {
    const { page, complaints } = await open('hostile', { scripts });
    if (scripts) await untilLive(page, 'test');

    const found = await page.$eval('#test .log', (log) => ({
      elements: [
        ...new Set([...log.querySelectorAll('*')].map(({ tagName }) => tagName.toLowerCase())),
      ].sort(),
      links: [...log.querySelectorAll('a')].map((link) => link.getAttribute('href')),
      attributes: [...log.querySelectorAll('*')].flatMap((element) => element.getAttributeNames()),
    }));
    expect(['button', 'em', 'a', 'details', 'div', 'span', 'summary', 'time']).toEqual(
      expect.arrayContaining(found.elements),
    );
    expect(found.links.every((href) => /^#test-L\d+$/.test(href ?? ''))).toBe(true);
    expect(found.attributes.filter((name) => name.startsWith('on'))).toEqual([]);
    const text = await read<string>(page, `document.querySelector('#test .log').innerText`);
    expect(text).toContain(`<script>document.title = 'owned'; alert(1)</script>`);
    expect(text).toContain('hidden blinking');
    expect(text).not.toMatch(/\p{Bidi_Control}/u);
    expect(await page.title()).toBe('test failed: TestRouter · acme/api');
    expect(await page.$$eval('h1', (titles) => titles.map(({ textContent }) => textContent))).toEqual([
      'test failed: TestRouter',
    ]);
    expect(complaints).toEqual([]);
  });
});

async function groups(page: OpenedPage['page']): Promise<string[]> {
  return page.$$eval('#test .slice .heading', (headings) =>
    headings.map((heading) => {
      const button = heading.querySelector('button');
      const state = button?.getAttribute('aria-expanded') === 'true' ? 'open' : 'folded';
      const rest = [...heading.querySelectorAll('.exit, .cost')].map(({ textContent }) => textContent);
      return [button?.textContent, state, ...rest].join(', ');
    }),
  );
}

function picked(page: OpenedPage['page']): Promise<(string | null | undefined)[]> {
  return page.$$eval('#test .picked', (lines) =>
    lines.map((line) => line.querySelector('.number')?.textContent),
  );
}

function hit(page: OpenedPage['page']): Promise<string | null> {
  return page.$eval('#test .hit .number', ({ textContent }) => textContent);
}
