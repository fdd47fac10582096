import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { PROJECT_PATTERN } from '../values/names.ts';
import { placeShape, projectShape } from './project-schema.ts';

/**
 * The JSON schema (draft 7) of `.tekton-ci.yml`, for completion and hover in editors and for the documentation.
 * Made from the schemas that the parser itself reads with. An editor sees YAML's numbers and booleans where the parser
 * sees text, so it is a little wider than the parser; whatever the parser accepts, it accepts.
 */
export function configSchema(): Readonly<Record<string, unknown>> {
  const project = z.strictObject({ ...projectShape, ...placeShape }).nullable();
  const projects = z.record(z.string().regex(new RegExp(PROJECT_PATTERN)), project).meta({
    json: {
      description:
        'Projects of a monorepo by name. Keys of the top level are inherited; `off` removes a stage.',
      minProperties: 1,
      maxProperties: LIMITS.projects,
    },
  });
  const schema = z.toJSONSchema(z.strictObject({ ...projectShape, projects: projects.exactOptional() }), {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => applyHints(jsonSchema),
  });
  const { $schema, ...rest } = schema;
  return {
    $schema,
    title: '.tekton-ci.yml',
    description:
      'What tekton-ci does with this repository. Every key has a default; an empty file runs the tests.',
    ...rest,
  };
}

/** Schemas carry what editors need under `json`, since what they read is text and says less. */
function applyHints(jsonSchema: Record<string, unknown>): void {
  const { json } = jsonSchema;
  delete jsonSchema.json;
  if (typeof json === 'object' && json !== null) Object.assign(jsonSchema, json);
}
