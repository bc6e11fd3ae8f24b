/** Spans that the page can show, unless `--max-spans` says otherwise: the process then has about 220 MB. */
export const DEFAULT_MAX_SPANS = 100_000;

/** Traces that the page can show. */
export const MAX_STORED_TRACES = 5_000;

/** Estimated memory for each span that the store may hold, twice what one needs. */
export const BYTES_PER_SPAN = 2_560;

/** Services that have a share of their own; what comes from further ones shares the last. */
export const MAX_SHARES = 200;

/** Traces that may be kept by hand. */
export const MAX_PINNED = 100;

/** Removals that are remembered, so that a page that comes back can be told of them. */
export const MAX_REMOVALS = 20_000;

/** Open spans of which is known when they were heard of. */
export const MAX_OPEN = 10_000;

/**
 * How long nothing may be heard of an open span before it is forgotten. Its process tells of it every
 * second; one that has ended may wait for its export a while.
 */
export const OPEN_MILLIS = 30_000;

/** How long an open span may be silent before its trace counts as given up. */
export const PENDING_MILLIS = 600_000;
