/**
 * Makes `test/github/openapi.json`: what GitHub's OpenAPI description says of the operations that the stand-in
 * for GitHub offers and of the webhooks it sends, as plain JSON Schema and without prose. The description is too large to depend on (385 MB):
 *
 *     npm pack @octokit/openapi@23.0.2
 *     tar xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
 *     node scripts/extract-openapi.ts package/generated/api.github.com.json
 */
import { readFileSync, writeFileSync } from 'node:fs';

const OPERATIONS = [
  'apps/create-installation-access-token',
  'apps/get-authenticated',
  'apps/get-installation',
  'apps/get-repo-installation',
  'apps/get-webhook-delivery',
  'apps/list-installations',
  'apps/list-repos-accessible-to-installation',
  'apps/list-webhook-deliveries',
  'apps/redeliver-webhook-delivery',
  'checks/create',
  'checks/get',
  'checks/get-suite',
  'checks/list-annotations',
  'checks/list-for-ref',
  'checks/list-for-suite',
  'checks/list-suites-for-ref',
  'checks/update',
  'git/get-ref',
  'git/get-tree',
  'issues/create-comment',
  'issues/list-comments',
  'meta/get',
  'pulls/get',
  'pulls/list',
  'pulls/list-files',
  'rate-limit/get',
  'reactions/create-for-issue-comment',
  'repos/compare-commits-with-basehead',
  'repos/get',
  'repos/get-branch',
  'repos/get-collaborator-permission-level',
  'repos/get-commit',
  'repos/get-content',
  'repos/list-branches',
  'repos/list-commits',
  'repos/list-pull-requests-associated-with-commit',
  'repos/list-tags',
];

/** Webhooks that the stand-in composes itself, by their names in the description. */
const WEBHOOKS = [
  'check-run-completed',
  'check-run-created',
  'check-run-requested-action',
  'check-run-rerequested',
  'check-suite-requested',
  'check-suite-rerequested',
  'issue-comment-created',
  'issue-comment-edited',
  'merge-group-checks-requested',
  'merge-group-destroyed',
  'pull-request-closed',
  'pull-request-edited',
  'pull-request-opened',
  'pull-request-ready-for-review',
  'pull-request-reopened',
  'pull-request-synchronize',
  'push',
  'repository-renamed',
];

const PROSE = new Set([
  'default',
  'deprecated',
  'description',
  'example',
  'examples',
  'externalDocs',
  'readOnly',
  'summary',
  'title',
  'writeOnly',
]);

/**
 * Where the description contradicts itself. The account of a listed installation would have to be a user and an
 * enterprise at once; a single installation says it rightly.
 */
const CORRECTIONS: Readonly<Record<string, object>> = {
  'apps/list-installations': { type: 'array', items: { $ref: '#/components/schemas/installation' } },
};

/** An app that hears of merge queues hears of re-runs too, which only one of two alike schemas knows. */
const SUITE_EVENTS = ['webhook-check-suite-requested', 'webhook-check-suite-rerequested'] as const;

/** Pull requests of forks that are gone have no such repository, nor its owner: @octokit/webhooks-types knows, the description does not. */
const HEADS_OF_GONE_FORKS = ['pull-request', 'pull-request-simple'];

type Json = Record<string, unknown>;

interface Description {
  info: { version: string };
  paths: Record<string, Record<string, Json>>;
  'x-webhooks': Record<string, { post: Json }>;
  components: Record<string, Record<string, Json>>;
}

function main(file: string): void {
  // The one place where the shape of the file is taken on trust: it is GitHub's own, and OpenAPI 3.
  const description = JSON.parse(readFileSync(file, 'utf8')) as Description;
  const operations: Json = {};
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const id = String(operation.operationId);
      if (OPERATIONS.includes(id))
        operations[id] = extractOperation(description, { id, method, path, operation });
    }
  }
  const absent = OPERATIONS.filter((id) => !(id in operations));
  if (absent.length > 0) throw new Error(`the description has no ${absent.join(', ')}`);
  const webhooks = Object.fromEntries(WEBHOOKS.map((name) => [name, payloadOf(description, name)]));
  const extract = {
    from: `GitHub's REST API, OpenAPI description ${description.info.version}, made by scripts/extract-openapi.ts`,
    operations,
    webhooks,
    schemas: withSuiteEvents(collectSchemas(description, [operations, webhooks])),
  };
  const target = new URL('../test/github/openapi.json', import.meta.url);
  writeFileSync(target, `${JSON.stringify(sortKeys(extract), null, 1)}\n`);
}

interface Found {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
}

function extractOperation(description: Description, found: Found): Json {
  const { id, method, path, operation } = found;
  const parameters = (operation.parameters as Json[] | undefined) ?? [];
  const responses = Object.entries(operation.responses as Record<string, Json>).map(([status, response]) => [
    status,
    status === '200' && id in CORRECTIONS
      ? toJsonSchema(CORRECTIONS[id])
      : jsonSchemaOf(resolve(description, response)),
  ]);
  const body = operation.requestBody as Json | undefined;
  return {
    method: method.toUpperCase(),
    path,
    parameters: parameters.map((reference) => {
      const { name, in: place, required, schema } = resolve(description, reference);
      return { name, in: place, required: required === true, schema: toJsonSchema(schema) };
    }),
    ...(body && { body: { required: body.required === true, schema: jsonSchemaOf(body) } }),
    responses: Object.fromEntries(responses),
  };
}

/** The schema of a body or an answer in JSON; null when it has no body in JSON. */
function jsonSchemaOf(holder: Json): unknown {
  const content = (holder.content ?? {}) as Record<string, Json>;
  const type = ['application/json', 'application/vnd.github.object'].find((name) => name in content);
  return type === undefined ? null : toJsonSchema(content[type]?.schema);
}

function payloadOf(description: Description, name: string): unknown {
  const webhook = description['x-webhooks'][name];
  if (webhook === undefined) throw new Error(`the description has no webhook ${name}`);
  return jsonSchemaOf(webhook.post.requestBody as Json);
}

function resolve(description: Description, value: Json): Json {
  if (typeof value.$ref !== 'string') return value;
  const [, , kind = '', name = ''] = value.$ref.split('/');
  const target = description.components[kind]?.[name];
  if (target === undefined) throw new Error(`the description has no ${value.$ref}`);
  return target;
}

/** Every schema that is referred to, directly or not. */
function collectSchemas(description: Description, from: Json[]): Json {
  const schemas: Json = {};
  const pending = [JSON.stringify(from)];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    for (const [, name = ''] of text.matchAll(/"#\/schemas\/([^"]+)"/g)) {
      if (name in schemas) continue;
      const described = toJsonSchema(description.components.schemas?.[name]);
      const schema = HEADS_OF_GONE_FORKS.includes(name) ? withoutFork(described as PullSchema) : described;
      schemas[name] = schema;
      pending.push(JSON.stringify(schema));
    }
  }
  return schemas;
}

/** With the events of an app as the first of the two schemas lists them. */
function withSuiteEvents(schemas: Json): Json {
  const [complete, lacking] = SUITE_EVENTS;
  const path = ['properties', 'check_suite', 'properties', 'app', 'properties'];
  const appOf = (name: string) => path.reduce((schema, key) => schema[key] as Json, schemas[name] as Json);
  appOf(lacking).events = appOf(complete).events;
  return schemas;
}

interface PullSchema extends Json {
  readonly properties: Json & { readonly head: Json & { readonly properties: Json } };
}

function withoutFork(pull: PullSchema): Json {
  const { head } = pull.properties;
  const nullable = (schema: unknown) => ({ anyOf: [schema, { type: 'null' }] });
  const { repo, user } = head.properties;
  const properties = { ...head.properties, repo: nullable(repo), user: nullable(user) };
  return { ...pull, properties: { ...pull.properties, head: { ...head, properties } } };
}

/** OpenAPI 3.0's dialect as JSON Schema: no prose, no extensions, `nullable` said by types. */
function toJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties' || key === 'patternProperties') {
      const properties = Object.entries(value as Json).map(([name, one]) => [name, toJsonSchema(one)]);
      result[key] = Object.fromEntries(properties);
    } else if (key === '$ref') {
      result.$ref = String(value).replace('#/components/schemas/', '#/schemas/');
    } else if (key === 'enum' || key === 'required') {
      result[key] = value;
    } else if (!PROSE.has(key) && !key.startsWith('x-') && key !== 'nullable') {
      result[key] = toJsonSchema(value);
    }
  }
  return (schema as Json).nullable === true ? orNull(result) : result;
}

function orNull(schema: Json): Json {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema.enum as unknown[] | undefined;
  return {
    ...schema,
    type: [schema.type, 'null'],
    ...(values && { enum: [...new Set([...values, null])] }),
  };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sortKeys(one)]));
}

const file = process.argv[2];
if (file === undefined) throw new Error('usage: extract-openapi.ts <api.github.com.json>');
main(file);
