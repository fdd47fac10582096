import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findChromium } from './find-chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface PageOptions {
  readonly dark?: boolean;
  readonly phone?: boolean;
  readonly scripts?: boolean;
}

export interface OpenedPage {
  readonly page: Page;
  /** What the console said that is an error or a warning, what was thrown, and what was loaded from elsewhere. */
  readonly complaints: readonly string[];
}

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('there is no Chromium');
  // Without a sandbox, as a container and root need it: it opens pages of ours alone.
  return puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export async function openPage(
  browser: Browser,
  url: string,
  options: PageOptions = {},
): Promise<OpenedPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && origin !== new URL(url).origin) complaints.push(`loads ${request.url()}`);
  });
  await page.setViewport(options.phone === true ? PHONE : DESKTOP);
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: options.dark === true ? 'dark' : 'light' },
  ]);
  await page.setJavaScriptEnabled(options.scripts !== false);
  await page.goto(url);
  return { page, complaints };
}

/** What axe-core finds wrong, each with its places. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The rows of a step's log that are in view, as their text. */
export function rowsInView(page: Page, slug: string): Promise<string[]> {
  return page.$eval(`#${slug} .log`, (box) => {
    const { top, bottom } = box.getBoundingClientRect();
    return [...box.querySelectorAll('.slice .line')]
      .filter((line) => {
        const at = line.getBoundingClientRect();
        return at.top >= top - 1 && at.bottom <= bottom + 1;
      })
      .map(
        (line) => `${line.querySelector('.number')?.textContent} ${line.querySelector('.text')?.textContent}`,
      );
  });
}

/** What an expression is in the page. */
export async function read<Value>(page: Page, expression: string): Promise<Value> {
  return (await page.evaluate(expression)) as Value;
}

/** Waits for a condition in the page, at most ten seconds. */
export async function untilInPage(page: Page, condition: string): Promise<void> {
  await page.waitForFunction(condition, { timeout: 10_000, polling: 50 });
}

/** Until the script has taken the place of a step's log. */
export function untilLive(page: Page, slug: string): Promise<void> {
  return untilInPage(page, `document.querySelector('#${slug} .log.live .line') !== null`);
}
