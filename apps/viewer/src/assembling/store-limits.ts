/** Traces that are remembered for what arrives late. */
export const MAX_TRACES = 1_000;

/** Spans of one trace; a tree of more is nothing for the eye. */
export const MAX_TRACE_SPANS = 50_000;

/** Log lines of one trace. */
export const MAX_TRACE_LOGS = 20_000;

/** Estimated memory of one trace. */
export const MAX_TRACE_BYTES = 64 * 1024 * 1024;

/** Estimated memory of all of them: the oldest are forgotten, after they were handed over. */
export const MAX_HELD_BYTES = 2 * MAX_TRACE_BYTES;
