import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { infrastructureHint } from '../../src/core/report/infrastructure-hint.ts';
import { cureOf } from '../../src/tekton/cure.ts';
import { KubeError } from '../../src/tekton/kube-error.ts';
import { LEASES, OBSERVED, SECRETS } from '../../src/tekton/resources.ts';

const PAGE = readFileSync('docs/reference/troubleshooting.md', 'utf8');

/** Rows of tables, cell by cell. */
const ROWS = PAGE.split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.slice(2, -2).split(' | '));

/** The server's sources: what the command line says, it says to whoever typed it. */
const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('cli/'))
  .map((name) => readFileSync(join('src', name), 'utf8'));

function found(pattern: RegExp, sources: readonly string[] = SOURCES): string[] {
  const all = sources.flatMap((text) => [...text.matchAll(pattern)].map(([, value]) => value ?? ''));
  return [...new Set(all)].sort();
}

/** What is in backticks, or in asterisks, in the first cells of rows that have it. */
function entries(pattern: RegExp): string[] {
  return ROWS.flatMap(([first = '']) => [...first.matchAll(pattern)].map(([, value]) => value ?? '')).sort();
}

test('every code of an error that somebody can mend has an entry, and no other has', () => {
  const codes = found(/new UserError\(\s*'([a-z-]+)'/g);

  expect(codes.length).toBeGreaterThan(15);
  expect(entries(/`([a-z]+(?:-[a-z]+)*)`/g)).toEqual(codes);
});

test('every reason of the infrastructure that we know has an entry, in the words of its check', () => {
  const lists = found(/reasons: \[([^\]]+)\]/g, [
    readFileSync('src/core/report/infrastructure-hint.ts', 'utf8'),
  ]);
  const explained = lists.flatMap((list) => [...list.matchAll(/'(\w+)'/g)].map(([, reason]) => reason ?? ''));

  expect(explained.length).toBeGreaterThan(40);
  for (const reason of explained) {
    const row = ROWS.find(([first]) => first?.includes(`\`${reason}\``));
    expect([reason, row?.[1]]).toEqual([reason, infrastructureHint(reason)?.sentence]);
  }
});

test('every reason of our own has an entry', () => {
  // How a turn's object was ended is nothing that a check says.
  const ofTurns = ['Answered', 'CustomRunCancelled', 'CustomRunTimedOut'];
  const thrown = found(/new InfrastructureError\(\s*'(\w+)'/g);
  const given = found(/\breason: '([A-Z]\w+)'/g).filter((reason) => !ofTurns.includes(reason));

  expect(given).toContain('StartTimeout');
  expect([...thrown, ...given].filter((reason) => !PAGE.includes(`\`${reason}\``))).toEqual([]);
});

test('everything that the log tells an operator to do has an entry', () => {
  const resources = [...OBSERVED, SECRETS, LEASES];
  const cures = resources.flatMap((resource) =>
    Array.from({ length: 200 }, (_, index) => 400 + index).flatMap((status) => {
      const error = new KubeError('GET', { status, reason: '', detail: '' });
      const cure = cureOf(error, { ...resource, plural: 'RESOURCE' }, 'NAMESPACE');
      return cure ?? [];
    }),
  );

  expect(entries(/^\*(.* [a-z]+.*\.)\*$/g)).toEqual([...new Set(cures)].sort());
});

test('every warning and error in the log has an entry', () => {
  const lines = SOURCES.flatMap(loggedLines);

  expect(lines.length).toBeGreaterThan(30);
  expect(lines.filter((line) => !PAGE.includes(`\n| *${line}* |`))).toEqual([]);
});

/** The messages of a source's calls of `log.warn` and `log.error`, and those that the server gives to one for all. */
function loggedLines(source: string): string[] {
  const calls = [...source.matchAll(/\b(?:log|Log)\.(?:warn|error)\(/g)].map(({ index, 0: call }) =>
    argumentsFrom(source.slice(index + call.length)),
  );
  const messages = calls.flatMap((text) => {
    const [, literal] = /(?:'([^']*)'|"[^"]*"|`[^`]*`),?\s*$/.exec(text) ?? [];
    const [whole] = /(?:'[^']*'|"[^"]*"|`[^`]*`)(?=,?\s*$)/.exec(text) ?? [];
    return literal ?? whole?.slice(1, -1).replace(/: \$\{.*$/, '') ?? [];
  });
  return [...messages, ...found(/^\s+'([a-z ]+)': (?:supervisor|leadership|sweep)/gm, [source])];
}

/** Up to the parenthesis that ends a call. */
function argumentsFrom(text: string): string {
  let depth = 1;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return text.slice(0, index);
  }
  return text;
}
