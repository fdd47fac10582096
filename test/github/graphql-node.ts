/** What a query sees: fields as values and functions, by the names of GitHub's schema. */
export type Node = Record<string, unknown>;

/** A failure in GraphQL's form, with GitHub's type beside its message. */
export class GraphqlRefusal extends Error {
  readonly type: 'NOT_FOUND' | 'FORBIDDEN';

  constructor(type: GraphqlRefusal['type'], message: string) {
    super(message);
    this.type = type;
  }
}
