import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseSettings } from '../../src/core/settings/parse-settings.ts';
import { casesOf } from '../core/settings/cases.ts';
import { containerOf, only } from './documents.ts';
import { CREDENTIALS, describeChart, render } from './helm.ts';
import { chartSettingsSchema } from './settings-schema.ts';

const SCHEMA = new URL('../../charts/tekton-ci/values.schema.json', import.meta.url);

test('the schema of the values holds that of the operator settings', () => {
  const expected = chartSettingsSchema();
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));

  if (process.env.UPDATE_CASES === '1') {
    schema.properties.settings = expected;
    writeFileSync(SCHEMA, `${JSON.stringify(schema, null, 2)}\n`);
  }

  expect(schema.properties.settings).toEqual(expected);
});

describeChart('the operator settings', () => {
  test.concurrent.each(ofAllRepositories())(
    'of the case $name mean in the values what they mean in a file',
    async ({ text }) => {
      const { data } = only(await render(valuesAround(text)), 'ConfigMap');

      const { 'settings.yml': written } = data as { 'settings.yml': string };
      expect(meaningOf(written)).toEqual(meaningOf(text));
    },
  );

  test('are in the file that the server is told of', async () => {
    const { env, volumeMounts } = containerOf(await render({ credentials: CREDENTIALS }));

    const { mountPath } = volumeMounts.find(({ name }) => name === 'settings')!;
    const file = env.find(({ name }) => name === 'TEKTON_CI_SETTINGS')?.value;
    expect(file).toBe(`${mountPath}/settings.yml`);
  });
});

/** Those of one repository say the same keys one level down. */
function ofAllRepositories() {
  return casesOf('settings').filter(({ name }) => !name.startsWith('repository-'));
}

/** The text as it stands, since Helm reads YAML in its own way: `off` is false. A label called so needs quotes. */
function valuesAround(settings: string): string {
  const indented = settings.replace(/^/gm, '  ').replace(/spot: (on|off)\b/g, 'spot: "$1"');
  return `credentials: { existingSecret: github-app }\nsettings:\n${indented}`;
}

/** Helm sorts keys, which decides only between patterns that are equally specific. */
function meaningOf(text: string): unknown {
  const parsed = parseSettings(text);
  if (!parsed.ok) return parsed.problems;
  const { repositories, ...settings } = parsed.settings;
  return {
    ...settings,
    repositories: repositories.toSorted((one, other) => (one.pattern < other.pattern ? -1 : 1)),
  };
}
