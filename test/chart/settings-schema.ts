import { settingsJsonSchema } from '../../src/core/settings/schema/settings-json-schema.ts';

type Schema = Readonly<Record<string, unknown>>;

/** For people, who find it in the settings' own schema. No key of the settings has such a name. */
const PROSE = ['$schema', 'title', 'description', 'examples'];

/**
 * The schema of the operator settings as Helm needs it. Helm reads `off` as false, and `on`, `yes` and `no` as what they do
 * not mean here, so that false is taken where `off` is, and elsewhere words must be quoted to be words. Like the other schema
 * it is a little wider than the parser.
 */
export function chartSettingsSchema(): unknown {
  return JSON.parse(JSON.stringify(settingsJsonSchema()), (key, value: unknown) => {
    if (PROSE.includes(key)) return undefined;
    if (key === 'noProxy') return { anyOf: [{ const: false }, value] };
    return typeof value === 'object' && value !== null ? withFalse(value as Schema) : value;
  });
}

function withFalse(schema: Schema): unknown {
  if (schema.default === 'off') return { anyOf: [{ const: false }, schema] };
  if (isEqual(schema.enum, ['off'])) return { ...schema, enum: ['off', false] };
  if (isEqual(schema.type, ['string', 'number', 'boolean'])) return { ...schema, type: ['string', 'number'] };
  const isName = isEqual(schema.type, ['string', 'number']) && schema.pattern === undefined;
  return isName ? { ...schema, type: ['string', 'number', 'boolean'], not: { const: true } } : schema;
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
