import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The published JSON schema (draft 7) of a closed map's keys, made from what the parser reads with. */
export function jsonSchemaOf(shape: z.ZodRawShape): { $schema: unknown; properties: JsonSchema } {
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
