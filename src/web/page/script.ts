import { readFileSync } from 'node:fs';
import { scriptMarkup } from '../html.ts';

/** Each after those that it imports. */
const MODULES = [
  'anchor',
  'rows',
  'text',
  'line-element',
  'line-pieces',
  'sticky-heading',
  'line-list',
  'log-outline',
  'log-search',
  'step-log',
  'step-row',
  'live-run',
  'keys',
  'main',
];

/** The page's script: the modules of `../browser` as one, since pages load nothing. */
export const PAGE_SCRIPT = scriptMarkup(`\n${MODULES.map(readModule).join('')}`);

function readModule(name: string): string {
  const source = readFileSync(new URL(`../browser/${name}.js`, import.meta.url), 'utf8');
  return source
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export /gm, '')
    .replace(/^\s*(?:\/\*\*.*|\*.*|\/\/.*)?\n/gm, '');
}
