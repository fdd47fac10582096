import { readFileSync } from 'node:fs';
import {
  buildSchema,
  defaultFieldResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { type Answer, Refusal } from './answer.ts';
import type { Caller } from './credentials.ts';
import { GraphqlRefusal, type Node } from './graphql-node.ts';
import { rootNode } from './graphql-objects.ts';
import type { Parts } from './parts.ts';
import type { Json } from './world.ts';

let loaded: GraphQLSchema | undefined;

/** GitHub's public schema: large, so it is built by the first query only. */
function schema(): GraphQLSchema {
  loaded ??= buildSchema(
    readFileSync(
      new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url),
      'utf8',
    ),
    { assumeValid: true, assumeValidSDL: true, noLocation: true },
  );
  return loaded;
}

export type Graphql = (caller: Caller, body: unknown) => Promise<Answer>;

/** Answers queries and mutations from the repositories. Failures come as GraphQL's: status 200 and `errors`. */
export function createGraphql(parts: Parts): Graphql {
  const { violations } = parts;
  const strict: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    if (typeof source === 'object' && source !== null && info.fieldName in source) {
      return defaultFieldResolver(source, args, context, info);
    }
    const violation = `GraphQL: the stand-in does not have ${info.parentType.name}.${info.fieldName}`;
    violations.push(violation);
    throw new Error(violation);
  };

  return async (caller, body) => {
    if (caller.kind !== 'installation') {
      throw new Refusal(401, 'This endpoint requires you to be authenticated.');
    }
    const { query, variables, operationName } = asQuery(body);
    try {
      const document = parse(query);
      const problems = validate(schema(), document);
      if (problems.length > 0) {
        violations.push(`GraphQL: ${problems.map(({ message }) => message).join('; ')}`);
        return { status: 200, body: { errors: problems.map(errorJson) } };
      }
      const result = await execute({
        schema: schema(),
        document,
        rootValue: rootNode(parts, caller) satisfies Node,
        variableValues: variables,
        fieldResolver: strict,
        ...(operationName === undefined ? {} : { operationName }),
      });
      const { data, errors } = result;
      return { status: 200, body: { data, ...(errors && { errors: errors.map(errorJson) }) } };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      violations.push(`GraphQL: ${error.message}`);
      return { status: 200, body: { errors: [errorJson(error)] } };
    }
  };
}

function asQuery(body: unknown): { query: string; variables: Json; operationName: string | undefined } {
  const { query, variables, operationName } = (typeof body === 'object' && body !== null ? body : {}) as Json;
  if (typeof query !== 'string') {
    throw new Refusal(400, 'A query attribute must be specified and must be a string.');
  }
  return {
    query,
    variables: (variables ?? {}) as Json,
    operationName: typeof operationName === 'string' ? operationName : undefined,
  };
}

function errorJson(error: GraphQLError): Json {
  const { originalError, message, path, locations } = error;
  return {
    ...(originalError instanceof GraphqlRefusal ? { type: originalError.type } : {}),
    ...(path && { path }),
    locations: locations ?? [],
    message,
  };
}
