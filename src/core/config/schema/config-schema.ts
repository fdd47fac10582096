import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { PROJECT_PATTERN } from '../values/names.ts';
import { placeShape, projectShape } from './project-schema.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON schema (draft 7) of `.tekton-ci.yml`, for completion and hover in editors and for the documentation.
 * Made from the schemas that the parser itself reads with. An editor sees YAML's numbers and booleans where the parser
 * sees text, so it is a little wider than the parser; whatever the parser accepts, it accepts.
 */
export function configSchema(): JsonSchema {
  const { $schema, properties } = jsonSchemaOf(projectShape);
  return {
    $schema,
    title: '.tekton-ci.yml',
    description:
      'What tekton-ci does with this repository. Every key has a default; an empty file runs the tests.',
    type: 'object',
    properties: { ...properties, projects: projectsSchema() },
    additionalProperties: false,
  };
}

function projectsSchema(): JsonSchema {
  const inherited = Object.keys(projectShape).map((key) => [key, { $ref: `#/properties/${key}` }]);
  return {
    type: 'object',
    description:
      'Projects of a monorepo by name. Keys of the top level are inherited; `off` removes a stage.',
    propertyNames: { pattern: PROJECT_PATTERN },
    minProperties: 1,
    maxProperties: LIMITS.projects,
    additionalProperties: {
      type: ['object', 'null'],
      properties: { ...Object.fromEntries(inherited), ...jsonSchemaOf(placeShape).properties },
      additionalProperties: false,
    },
  };
}

function jsonSchemaOf(shape: z.ZodRawShape): { $schema: unknown; properties: JsonSchema } {
  const { $schema, properties = {} } = z.toJSONSchema(z.strictObject(shape), {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => applyHints(jsonSchema),
  });
  return { $schema, properties };
}

/** Schemas carry what editors need under `json`, since what they read is text and says less. */
function applyHints(jsonSchema: Record<string, unknown>): void {
  const { json } = jsonSchema;
  delete jsonSchema.json;
  if (typeof json === 'object' && json !== null) Object.assign(jsonSchema, json);
}
