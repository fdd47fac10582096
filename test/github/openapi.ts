import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: object;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly required: boolean; readonly schema: { readonly properties?: object } };
  readonly responses: Readonly<Record<string, object | null>>;
}

export interface Match {
  /** GitHub's operation id, as `checks/create`. */
  readonly operation: string;
  /** The path's template, as `/repos/{owner}/{repo}/check-runs`. */
  readonly route: string;
  readonly path: Readonly<Record<string, string>>;
}

/** GitHub's own description of its REST API: what a request may say and what an answer looks like. */
export interface Description {
  match(method: string, path: string): Match | null;
  /** The parameters with the types they should have, or every problem. */
  parameters(match: Match, query: URLSearchParams): { values: Record<string, unknown>; problems: string[] };
  body(operation: string, body: unknown): string[];
  answer(operation: string, status: number, body: unknown): string[];
  /** @param name as `push` or `check-run-created` */
  webhook(name: string, payload: unknown): string[];
}

let loaded: Description | undefined;

/** Read once: compiling its schemas takes longer than most tests. */
export function loadDescription(): Description {
  loaded ??= readDescription();
  return loaded;
}

function readDescription(): Description {
  // Made by scripts/extract-openapi.ts, whose shape this is.
  const { operations, schemas, webhooks } = JSON.parse(
    readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'),
  ) as {
    operations: Record<string, Operation>;
    schemas: Record<string, object>;
    webhooks: Record<string, object>;
  };
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    // What is compiled is used a few times only.
    code: { optimize: false },
    coerceTypes: false,
    schemas: [{ $id: 'github', schemas }],
  });
  const coercing = new Ajv({
    allErrors: true,
    strict: false,
    // What is compiled is used a few times only.
    code: { optimize: false },
    coerceTypes: true,
    schemas: [{ $id: 'github', schemas }],
  });
  formats.default(ajv);
  formats.default(coercing);
  const compiled = new Map<string, ValidateFunction>();
  const matchers = Object.entries(operations)
    .map(([operation, { method, path }]) => ({ operation, method, path, pattern: patternOf(path) }))
    .sort((a, b) => literals(b.path) - literals(a.path));

  /** Compiled when first needed: most tests use a few operations. */
  function validator(key: string, schema: object, by = ajv): ValidateFunction {
    let validate = compiled.get(key);
    if (validate === undefined) {
      validate = by.compile(
        JSON.parse(JSON.stringify(schema).replaceAll('"#/schemas/', '"github#/schemas/')),
      );
      compiled.set(key, validate);
    }
    return validate;
  }

  return {
    match(method, path) {
      for (const { operation, method: expected, path: route, pattern } of matchers) {
        const found = expected === method ? pattern.exec(path) : null;
        if (found) return { operation, route, path: decodeAll(found.groups ?? {}) };
      }
      return null;
    },
    parameters(match, query) {
      const { parameters } = operations[match.operation] as Operation;
      const values: Record<string, unknown> = { ...match.path, ...Object.fromEntries(query) };
      const schema = {
        type: 'object',
        properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
        required: parameters.filter(({ required }) => required).map(({ name }) => name),
        additionalProperties: false,
      };
      const validate = validator(`${match.operation} parameters`, schema, coercing);
      return { values, problems: validate(values) ? [] : problemsOf(validate) };
    },
    body(operation, body) {
      const expected = operations[operation]?.body;
      if (expected === undefined) return body === undefined ? [] : ['no body is expected'];
      if (body === undefined) return expected.required ? ['a body is required'] : [];
      const validate = validator(`${operation} body`, expected.schema);
      const unknown = Object.keys(body as object).filter(
        (key) => !(key in (expected.schema.properties ?? {})),
      );
      return [
        ...(validate(body) ? [] : problemsOf(validate)),
        ...unknown.map((key) => `"${key}" is not a permitted key.`),
      ];
    },
    answer(operation, status, body) {
      const responses = operations[operation]?.responses ?? {};
      const schema = responses[status];
      // Refusals are the same everywhere and not all of them are described; successes are.
      if (schema === undefined) return status >= 400 ? [] : [`an answer of ${status} is not described`];
      if (schema === null) return body === undefined ? [] : ['a body is not described'];
      const validate = validator(`${operation} ${status}`, schema);
      return validate(body) ? [] : problemsOf(validate);
    },
    webhook(name, payload) {
      const schema = webhooks[name];
      if (schema === undefined) return [`${name} is not described`];
      const validate = validator(`webhook ${name}`, schema);
      return validate(payload) ? [] : problemsOf(validate);
    },
  };
}

/** Parameters that may hold slashes, whether the client escapes them or not. */
const WITH_SLASHES = new Set(['path', 'ref', 'branch', 'basehead', 'tree_sha']);

function patternOf(template: string): RegExp {
  const source = template.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'path') return `(?<${name}>.*)`;
    return WITH_SLASHES.has(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${source}$`);
}

function literals(template: string): number {
  return template.split('/').filter((segment) => !segment.startsWith('{')).length;
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

function problemsOf({ errors }: ValidateFunction): string[] {
  return (errors ?? []).map((error) => `${nameOf(error)} ${error.message ?? 'is not valid'}`.trim());
}

function nameOf({ instancePath, params }: ErrorObject): string {
  const extra = typeof params.additionalProperty === 'string' ? `/${params.additionalProperty}` : '';
  return `${instancePath}${extra}`.slice(1).replaceAll('/', '.');
}

/** What is not well escaped stands for itself, and will not be found. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
