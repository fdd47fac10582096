import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'puppeteer-core';
import { startTestSite } from '../web/test-site.ts';
import { launchBrowser, openPage, read, rowsInView, untilInPage, untilLive } from './browser.ts';
import { FIRST_PAINT, SCROLL_AND_MEASURE, writeLongLog } from './long-log.ts';

let browser: Browser;
let site: Awaited<ReturnType<typeof startTestSite>>;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), startTestSite()]);
  await writeLongLog(site);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await site.close();
});

const url = (hash = '') => `http://127.0.0.1:${site.port}${site.page('long')}${hash}`;

describe('a log of 500,000 lines', () => {
  test('is painted within a second, and reads little of the log for it', async () => {
    let bytesRead = 0;
    const { readLog } = site.parts;
    site.parts.readLog = async function* (...where) {
      for await (const bytes of readLog(...where)) {
        bytesRead += bytes.length;
        yield bytes;
      }
    };
    await fetch(url()).then((response) => response.text());
    expect(bytesRead).toBeLessThan(3_000_000);
    site.parts.readLog = readLog;

    const { page, complaints } = await openPage(browser, url());
    await untilLive(page, 'test');

    expect(await read<number>(page, FIRST_PAINT)).toBeLessThan(1_000);
    expect((await rowsInView(page, 'test')).at(-1)).toBe('500000 FAILED');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('scrolls without a task of over 100 ms, and shows what is where it stops', async () => {
    const { page, complaints } = await openPage(browser, url());
    await untilLive(page, 'test');

    // The machine has other things to do too: the calmest of some times is the page's own.
    let longest = Number.POSITIVE_INFINITY;
    for (let time = 0; time < 6 && longest >= 100; time++) {
      longest = Math.min(longest, await read<number>(page, SCROLL_AND_MEASURE));
    }
    expect(longest).toBeLessThan(100);

    await page.$eval('#test .log', (box) => box.scrollTo(0, 5_000_000));
    await untilInPage(page, `document.querySelector('#test .slice').innerText.includes('source_250000.cpp')`);
    for (const row of await rowsInView(page, 'test')) {
      expect(row).toMatch(/^(\d+) \[\d+%\] Building CXX object .*source_\1\.cpp\.o/);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('opens at any line, and finds any', async () => {
    const { page } = await openPage(browser, url('#test-L123456-L123458'));
    await untilInPage(page, `document.querySelectorAll('#test .picked').length === 3`);
    expect((await rowsInView(page, 'test')).join('\n')).toContain('source_123457.cpp');

    await page.keyboard.press('/');
    await page.keyboard.type('source_399999.cpp');
    await page.keyboard.press('Enter');
    await untilInPage(page, `document.querySelector('#test .hit .number')?.textContent === '399999'`);
    await page.close();
  });
});
