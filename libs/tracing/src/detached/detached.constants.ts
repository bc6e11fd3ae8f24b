/** On a function: the wrapper that `@Detached` made. */
export const DETACHED_METADATA = 'nestjs-tracing:detached';

/** On a detached span: the trace id of its origin, for backends that do not search links. */
export const DETACHED_ORIGIN = 'async.detached.origin';

/** On the span of a task that its caller ran over the limit: the policy that led to it. */
export const DETACHED_OVERFLOW = 'async.detached.overflow';

/** The events that the origin's span gets, and their attributes. */
export const STARTED_EVENT = 'async.detached.started';
export const REJECTED_EVENT = 'async.detached.rejected';
export const DETACHED_NAME = 'async.detached.name';
export const DETACHED_TRACE_ID = 'async.detached.trace_id';
export const DETACHED_SPAN_ID = 'async.detached.span_id';

/** Marks the link from a detached span to its origin. */
export const LINK_TYPE = 'link.type';
export const DETACHED_FROM = 'detached_from';
