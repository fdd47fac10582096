import { type JsonSchema, jsonSchemaOf } from '../../config/schema/json-schema.ts';
import { settingsShape } from './settings-schema.ts';

/**
 * The JSON schema (draft 7) of the operator settings, made from the schemas that the parser itself reads with. It is a
 * little wider than the parser; whatever the parser accepts, it accepts.
 */
export function settingsJsonSchema(): JsonSchema {
  const { $schema, properties } = jsonSchemaOf(settingsShape);
  return {
    $schema,
    title: 'Operator settings of tekton-ci',
    description: 'What the installer decides. Every key has a default; an empty file means all of them.',
    type: 'object',
    properties,
    additionalProperties: false,
  };
}
