/**
 * How GraphQL operations are traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ graphql: { resolvers: 'custom', document: true } });
 * ```
 */
export interface GraphqlOptions {
  /** Whether field resolvers that you wrote (`@ResolveField`) have spans. Default: `none`. */
  resolvers?: 'none' | 'custom';
  /** Whether spans have the document as `graphql.document`, its literals replaced. Default: false. */
  document?: boolean;
  /**
   * Whether span names have the operation's name. Clients choose it, so there may be many. Default: false.
   */
  operationNames?: boolean;
  /** Names of operations that have no span; `__schema` stands for introspection. Default: none. */
  ignore?: readonly (string | RegExp)[];
}
