import { mkdirSync, writeFileSync } from 'node:fs';
import { configSchema } from '../src/core/config/schema/config-schema.ts';

const directory = new URL('../schema/', import.meta.url);

mkdirSync(directory, { recursive: true });
writeFileSync(new URL('tekton-ci.schema.json', directory), `${JSON.stringify(configSchema(), null, 2)}\n`);
