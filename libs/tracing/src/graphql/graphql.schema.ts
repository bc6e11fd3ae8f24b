import type * as z from 'zod';
import { flag, oneOf, patterns } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type { GraphqlOptions } from './graphql-options.interface.js';

export const graphqlSchema = switchable(
  optionSchema<GraphqlOptions>()({
    resolvers: oneOf('none', 'custom').default('none'),
    document: flag.default(false),
    operationNames: flag.default(false),
    ignore: patterns.default([]),
  }),
);

/** The options of GraphQL with every default filled in; undefined is off. */
export type ResolvedGraphqlOptions = z.output<typeof graphqlSchema>;
