/** Bits of `SpanColumns.flags`. */
export const SPAN_FLAG = {
  error: 1,
  /** A span that others name and that never arrived; it has no times of its own. */
  missing: 2,
  /** It has not ended yet: `duration` is what is known so far. */
  pending: 4,
  /** It ended before it started; its `duration` is 0. */
  negative: 8,
  /** Its times were moved by the skew of its service, see `TraceService.skew`. */
  moved: 16,
  /** Its parent lives in another process. */
  remote: 32,
  /** It ends after its parent did. */
  outlives: 64,
  /** The root of detached work that was started here or elsewhere. */
  detached: 128,
  /** It was cut out of a circle of parents. */
  cut: 256,
} as const;

/** `async.task.outcome`, by its index in `SpanColumns.outcome`; 0 is none. */
export const OUTCOMES = ['', 'ok', 'error', 'cancelled', 'not_started', 'abandoned'] as const;
/** Index in `SpanColumns.kind`. */
export const KINDS = [
  'UNSPECIFIED',
  'INTERNAL',
  'SERVER',
  'CLIENT',
  'PRODUCER',
  'CONSUMER',
] as const;
/** Index in `SpanColumns.status`. */
export const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;
