/** Spans in preorder, children by time: a parent always stands before its children. */
export interface SpanColumns {
  /** 16 hex digits a span, one after the other. */
  readonly ids: string;
  /** Index of the parent, -1 for a root. */
  readonly parent: readonly number[];
  /** Microseconds after `TraceDetail.start`, skew taken out. */
  readonly start: readonly number[];
  /** Microseconds, never negative. */
  readonly duration: readonly number[];
  /** Duration without what its children cover, microseconds. */
  readonly self: readonly number[];
  readonly name: readonly number[];
  /** Index into `TraceDetail.services`. */
  readonly service: readonly number[];
  readonly kind: readonly number[];
  readonly status: readonly number[];
  readonly outcome: readonly number[];
  readonly flags: readonly number[];
  /** Statement or target by which repeats are told, cut to 200 characters; -1 for none. */
  readonly statement: readonly number[];
}

export type LinkKind =
  /** A link that the span carries. */
  | 'link'
  /** A span elsewhere that links here. */
  | 'backlink'
  /** Detached work that this span started. */
  | 'started'
  /** Where this detached work was started. */
  | 'origin';

/** Links in both directions. A detached child is given once: its link and its event are one. */
export interface LinkColumns {
  readonly span: readonly number[];
  readonly kind: readonly LinkKind[];
  readonly traceId: readonly string[];
  readonly spanId: readonly string[];
  /** Whether the other span is in the store now. */
  readonly isKnown: readonly boolean[];
  /** Name of the other span, or what is known of it; an index into `strings`. */
  readonly name: readonly number[];
  /** Where the other span is, in the time of this trace: microseconds after `start`; null if unknown. */
  readonly start: readonly (number | null)[];
  readonly duration: readonly (number | null)[];
}

/** Spans that stand for another number of calls than one: collapsed ones, and what is counted there. */
export interface CallColumns {
  readonly span: readonly number[];
  /** 0 for a failure that has a span beside those that it is counted with. */
  readonly count: readonly number[];
  /** Microseconds that the calls took together. */
  readonly total: readonly number[];
}

/** Events of spans; `kind` tells the ones that have a meaning of their own. */
export interface EventColumns {
  readonly span: readonly number[];
  readonly time: readonly number[];
  readonly name: readonly number[];
  /** One line for the row or the tick: the exception's type and message, the count of repeats, … */
  readonly text: readonly number[];
  readonly kind: readonly ('event' | 'exception' | 'repeated' | 'slow' | 'blocked' | 'detached')[];
}

/** Log lines in the order of time. */
export interface LogColumns {
  /** -1 for a line of a span that is not in the trace, or of none. */
  readonly span: readonly number[];
  readonly time: readonly number[];
  readonly severity: readonly number[];
  /** Cut to 500 characters; whole in the detail of the span. */
  readonly message: readonly number[];
}

/** A stretch of the critical path; they are disjoint and add up to the duration of their root. */
export interface PathColumns {
  readonly span: readonly number[];
  readonly start: readonly number[];
  readonly end: readonly number[];
  /** What the time went on, where it is known: `queue wait`, `blocked`, `gap`, `self`. */
  readonly what: readonly ('self' | 'gap' | 'queue wait' | 'blocked')[];
}
