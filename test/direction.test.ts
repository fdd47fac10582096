import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ADAPTERS = ['github', 'local', 'logs', 'web', 'cli', 'tekton'];

/** A file that breaks a rule: what it does, where it stands, what it says, and the rule. */
type Breach = readonly [does: string, path: string, text: string, rule: string];

const IMPORTS = 'lint/style/noRestrictedImports';

const BREACHES: readonly Breach[] = [
  [
    'core imports the app',
    'core/plan/a.ts',
    `import { a } from '../../app/ports.ts';\nexport const b = a;`,
    IMPORTS,
  ],
  [
    'core re-exports a type of the app',
    'core/plan/b.ts',
    `export type { a } from '../../app/ports.ts';`,
    IMPORTS,
  ],
  [
    'core imports at run time',
    'core/plan/c.ts',
    `export const b = import('../../local/engine.ts');`,
    IMPORTS,
  ],
  [
    'core imports settings',
    'core/plan/d.ts',
    `import { a } from '../../settings.ts';\nexport const b = a;`,
    IMPORTS,
  ],
  [
    'core uses Node',
    'core/plan/e.ts',
    `import { a } from 'node:fs';\nexport const b = a;`,
    'lint/correctness/noNodejsModules',
  ],
  [
    'the app imports an adapter',
    'app/a.ts',
    `import { a } from '../github/a.ts';\nexport const b = a;`,
    IMPORTS,
  ],
  [
    'the app imports the server',
    'app/b.ts',
    `import { a } from '../server.ts';\nexport const b = a;`,
    IMPORTS,
  ],
  ...ADAPTERS.flatMap((adapter): Breach[] => {
    const other = adapter === 'web' ? 'logs' : 'web';
    const text = `import { a } from '../${other}/a.ts';\nexport const b = a;`;
    return [[`${adapter} imports ${other}`, `${adapter}/a.ts`, text, IMPORTS]];
  }),
  ...['core', 'app', ...ADAPTERS].map((folder): Breach => {
    const text = 'export const a = process.env.HOME;';
    return [`${folder} reads the environment`, `${folder}/env.ts`, text, 'lint/style/noProcessEnv'];
  }),
];

const ALLOWED = 'web/allowed.ts';
const found = lint({
  ...Object.fromEntries(BREACHES.map(([, path, text]) => [path, text])),
  [ALLOWED]: `import type { Log } from '../app/ports.ts';\nimport { mask } from '../core/report/mask.ts';\n\nexport const a = (log: Log) => log.info({}, mask(''));\n`,
});

describe('the linter refuses that', () => {
  test.each(BREACHES)('%s', (_, path, __, rule) => {
    expect(found.get(path)).toContain(rule);
  });
});

test('an adapter may import the app and core', () => {
  expect(found.get(ALLOWED)).toBeUndefined();
});

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** What the linter says, by the project's own rules, of files in a `src` of their own. */
function lint(files: Readonly<Record<string, string>>): Map<string, string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'tekton-ci-direction-'));
  const config = { ...JSON.parse(readFileSync('biome.json', 'utf8')), vcs: { enabled: false } };
  writeFileSync(join(directory, 'biome.json'), JSON.stringify(config));
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, 'src', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const { stdout } = spawnSync(
    resolve('node_modules/.bin/biome'),
    ['lint', '--reporter=json', '--max-diagnostics=none'],
    {
      cwd: directory,
      encoding: 'utf8',
    },
  );
  rmSync(directory, { recursive: true });
  const rules = new Map<string, string[]>();
  for (const { category, location } of (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics) {
    const path = location.path.replace(/^src\//, '');
    rules.set(path, [...(rules.get(path) ?? []), category]);
  }
  return rules;
}
