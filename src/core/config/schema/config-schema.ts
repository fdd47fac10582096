import { LIMITS } from '../limits.ts';
import { PROJECT_PATTERN } from '../values/names.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { placeShape, projectShape } from './project-schema.ts';

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
