import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const PAGES = ['*.md', 'docs/**/*.md', 'charts/**/*.md', 'examples/**/*.md', 'test/**/*.md'].flatMap(
  (pattern) => globSync(pattern),
);

test.each(PAGES)('every link of %s leads to something that is there', (page) => {
  const broken = linksOf(read(page)).filter((link) => !leads(page, link));

  expect(broken).toEqual([]);
});

test('there are links to look at', () => {
  expect(PAGES.flatMap((page) => linksOf(read(page))).length).toBeGreaterThan(50);
});

function read(page: string): string {
  return readFileSync(page, 'utf8');
}

/** Targets of the links and pictures that do not leave the repository; code is not looked at. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function leads(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(read(target)).has(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
