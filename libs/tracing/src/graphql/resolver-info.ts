/** What GraphQL tells a resolver of its operation, as far as it is used. By shape: no package is loaded. */
export interface ResolverInfo {
  readonly fieldName: string;
  readonly parentType: { readonly name: string };
  /** Where it is in the response: the operation's own fields have nothing before them. */
  readonly path: { readonly prev: object | undefined };
  /** Made anew for each execution, so it tells one from another. */
  readonly variableValues: object;
  /** The operation in the parsed document. */
  readonly operation: OperationNode;
}

/** An operation of a parsed document. */
export interface OperationNode {
  readonly operation: string;
  readonly name?: { readonly value: string } | undefined;
}

/** A function that resolves a field, or subscribes to it. */
export type Resolver = (
  this: unknown,
  source: unknown,
  args: unknown,
  context: unknown,
  info: ResolverInfo,
) => unknown;

/** A field of a schema. */
export interface SchemaField {
  readonly name: string;
  resolve?: Resolver | undefined;
  subscribe?: Resolver | undefined;
}

/** A schema of `graphql`. */
export interface Schema {
  getTypeMap(): Readonly<Record<string, { readonly name: string; getFields?: unknown }>>;
}

/** What `@nestjs/graphql` tells its hooks of a request. */
export interface RequestHookContext {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly context?: unknown;
}

/** What it tells them at its end. */
export interface RequestEndHookContext extends RequestHookContext {
  readonly errors?: unknown;
}
