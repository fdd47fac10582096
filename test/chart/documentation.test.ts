import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';

const CHART = new URL('../../charts/tekton-ci/', import.meta.url);
const README = read('README.md');

function read(name: string): string {
  return readFileSync(new URL(name, CHART), 'utf8');
}

/** Every value as the table has it: `image.tag`, `""`. */
function leaves(value: unknown, path: readonly string[] = []): [string, string][] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isMap ? Object.entries(value) : [];
  if (entries.length > 0) return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
  const isWord = typeof value === 'string' && value !== '';
  return [[path.join('.'), isWord ? value : JSON.stringify(value)]];
}

/** The rows of the README's last table. */
function rows(): [string, string][] {
  const [, table = ''] = README.split('## All values');
  return [...table.matchAll(/^\| `(.+?)` \| `(.+?)` \| (.*) \|$/gm)].map(([, key, value]) => [key!, value!]);
}

describe('the README of the chart', () => {
  test('lists every value with its default, in the order of values.yaml', () => {
    expect(rows()).toEqual(leaves(load(read('values.yaml'))));
  });

  test('names the rights of the Role', () => {
    const [, rest = ''] = README.split('## What it may do');
    const [table = ''] = rest.split('In its own namespace');
    const told = [...table.matchAll(/^\| (`.+?`) \| (`.+?`) \| /gm)].map(([, resources, verbs]) => [
      words(resources!, ' '),
      words(verbs!, ' '),
    ]);

    const rules = read('templates/role-runs.yaml').matchAll(
      /apiGroups: \[(.*)\]\n\s+resources: \[(.*)\]\n\s+verbs: \[(.*)\]/g,
    );
    const given = [...rules].map(([, group, resources, verbs]) => [
      words(resources!, ', ').map((resource) => inGroup(resource, group!)),
      words(verbs!, ', '),
    ]);

    expect(given.length).toBeGreaterThan(3);
    expect(told).toEqual(given);
  });
});

function words(text: string, separator: string): string[] {
  return text.replaceAll('`', '').split(separator);
}

/** `customruns/status` of `tekton.dev` is `customruns.tekton.dev/status`. */
function inGroup(resource: string, group: string): string {
  return group === '""' ? resource : resource.replace(/^[a-z]+/, `$&.${group}`);
}

test('the chart has the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', CHART), 'utf8'));

  expect(load(read('Chart.yaml'))).toMatchObject({ version, appVersion: version });
});

test('the schema knows every value', () => {
  const { properties } = JSON.parse(read('values.schema.json'));

  expect(
    Object.keys(properties)
      .filter((key) => key !== 'global')
      .toSorted(),
  ).toEqual(Object.keys(load(read('values.yaml')) as object).toSorted());
});
