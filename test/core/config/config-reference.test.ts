import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../../src/core/config/format-problem.ts';
import { KNOWN_SERVICE_NAMES } from '../../../src/core/config/known-services.ts';
import { LIMITS } from '../../../src/core/config/limits.ts';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { PROBLEM_CODES } from '../../../src/core/config/problem-codes.ts';
import { RELEASES } from '../../../src/core/config/releases.ts';
import { configSchema } from '../../../src/core/config/schema/config-schema.ts';
import { CONFIG_FILE } from '../../../src/core/config/toolchain-files.ts';
import { BUILDER_FLAGS } from '../../../src/core/config/values/builder-flags.ts';
import { COMMAND_VARIABLES } from '../../../src/core/config/values/names.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/config.md', import.meta.url), 'utf8');

interface Example {
  readonly text: string;
  /** What the page says comes out; undefined for an example that is right. */
  readonly problems?: string;
}

describe('docs/reference/config.md', () => {
  test.each(examples().map((example) => [example.text, example] as const))(
    'This example is as it says:\n%s',
    (_text, example) => {
      const parsed = parseConfig(example.text);
      const said = parsed.ok
        ? undefined
        : parsed.problems.map((problem) => formatProblem(problem, CONFIG_FILE)).join('\n');

      expect(said).toBe(example.problems);
    },
  );

  test('It has examples of both kinds', () => {
    expect(examples().length).toBeGreaterThan(20);
    expect(examples().filter(({ problems }) => problems !== undefined).length).toBeGreaterThan(3);
  });

  test.each(PROBLEM_CODES)('It explains the code %s', (code) => {
    expect(PAGE).toMatch(new RegExp(`^\\| \`${code}\` \\| .+ \\|$`, 'm'));
  });

  test('It explains no code that does not exist', () => {
    const [, errors = ''] = PAGE.split('## Errors');
    const explained = [...errors.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);

    expect(explained.toSorted()).toEqual([...PROBLEM_CODES].toSorted());
  });

  test('It names every key, flag, variable, limit and known service', () => {
    const names = [...keysOf(configSchema()), ...BUILDER_FLAGS, ...KNOWN_SERVICE_NAMES].map(
      (name) => `\`${name}\``,
    );
    const variables = COMMAND_VARIABLES.map((name) => `\`$${name}\``);
    const limits = [
      `${LIMITS.projects} projects`,
      `${LIMITS.versions} versions`,
      `${LIMITS.services} services`,
    ];
    const others = [
      `${LIMITS.targets} deploy targets`,
      `${LIMITS.commands} commands`,
      `${LIMITS.entries} entries`,
    ];

    const missing = [...names, ...variables, ...limits, ...others].filter((name) => !PAGE.includes(name));

    expect(missing).toEqual([]);
  });

  test.each(Object.values(RELEASES))('It says the release lines of $title', ({ title, lines, preferred }) => {
    const row = PAGE.split('\n').find((line) => line.startsWith(`| ${title} | `) && line.includes('('))!;

    expect(row).toContain(`| ${preferred} (`);
    expect(row).toContain(lines[0]!);
    expect(row).toContain(lines.at(-1)!);
  });
});

/** The page's YAML blocks; one marked `wrong` is followed by the problems that it has. */
function examples(): Example[] {
  const blocks = PAGE.matchAll(/^```yaml( wrong)?\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)\n```$)?/gm);
  return [...blocks].map(([, wrong, text = '', problems]) => ({
    text,
    ...(wrong && { problems: problems ?? '' }),
  }));
}

/** The names of all keys of the schema, at every level. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
