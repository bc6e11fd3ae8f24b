/**
 * Names of OpenTelemetry's GraphQL conventions. They are in development there, so they are written here
 * and not imported.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/
 */
export const GRAPHQL = {
  type: 'graphql.operation.type',
  name: 'graphql.operation.name',
  document: 'graphql.document',
} as const;

/** Names of ours, for what the conventions do not know. */
export const NEST_GRAPHQL = {
  /** A field, as `Type.field`. */
  field: 'nestjs.graphql.field',
  /** How many events a subscription has had. */
  events: 'nestjs.graphql.subscription.events',
  /** How long a subscription has lasted, in milliseconds. */
  duration: 'nestjs.graphql.subscription.duration_ms',
  /** Why a subscription is over. */
  reason: 'nestjs.graphql.subscription.end',
  /** How many keys a batch of a dataloader has. */
  keys: 'nestjs.graphql.batch.keys',
  /** How many operations a batch of a dataloader serves. */
  operations: 'nestjs.graphql.batch.operations',
} as const;

/** What a span is called whose document says nothing of itself. */
export const UNKNOWN_OPERATION = 'GraphQL Operation';
