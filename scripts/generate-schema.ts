import { mkdirSync, writeFileSync } from 'node:fs';
import { configSchema } from '../src/core/config/schema/config-schema.ts';
import { settingsJsonSchema } from '../src/core/settings/schema/settings-json-schema.ts';

const directory = new URL('../schema/', import.meta.url);

const SCHEMAS = {
  'tekton-ci.schema.json': configSchema(),
  'tekton-ci-settings.schema.json': settingsJsonSchema(),
};

mkdirSync(directory, { recursive: true });
for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(new URL(name, directory), `${JSON.stringify(schema, null, 2)}\n`);
}
