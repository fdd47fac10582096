import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { describeChart, lint, missing, type Rendered, render } from './helm.ts';

const CASES = new URL('cases/', import.meta.url).pathname;
const NAMES = readdirSync(CASES).toSorted();
const APIS = ['--api-versions', 'monitoring.coreos.com/v1'];

if (missing !== null) {
  test('Helm is not at hand, which is said', () => {
    console.log(`skipped: ${missing}`);
    expect(missing).toContain('helm');
  });
}

describeChart('the chart', () => {
  test.each(NAMES)('makes of the values of %s what is expected', async (name) => {
    const objects = Object.fromEntries((await render(valuesOf(name), ...APIS)).map(named));

    expect(objects).toEqual(expectedOf(name, objects));
  });

  test.each(NAMES)('satisfies the linter with the values of %s', async (name) => {
    expect(await lint(valuesOf(name))).toContain('0 chart(s) failed');
  });

  test('renders the same objects every time', async () => {
    const values = valuesOf('everything');

    expect(await render(values)).toEqual(await render(values));
  });
});

function named(object: Rendered): [string, Rendered] {
  return [`${object.kind} ${object.metadata.namespace}/${object.metadata.name}`, object];
}

function valuesOf(name: string): object {
  return load(readFileSync(join(CASES, name, 'values.yaml'), 'utf8')) as object;
}

/** With UPDATE_CASES=1 it is first written anew, to be read before it is kept. */
function expectedOf(name: string, actual: object): unknown {
  const file = join(CASES, name, 'expected.yaml');
  if (process.env.UPDATE_CASES === '1') writeFileSync(file, dump(actual, { lineWidth: 120, noRefs: true }));
  return load(readFileSync(file, 'utf8'));
}
