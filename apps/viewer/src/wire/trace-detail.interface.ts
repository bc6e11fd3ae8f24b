/** Bits of {@link SpanColumns.flags}. */
export const SPAN_FLAG = {
  error: 1,
  /** A span that others name and that never arrived; it has no times of its own. */
  missing: 2,
  /** It has not ended yet: `duration` is what is known so far. */
  pending: 4,
  /** It ended before it started; its `duration` is 0. */
  negative: 8,
  /** Its times were moved by the skew of its service, see {@link TraceService.skew}. */
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

/** `async.task.outcome`, by its index in {@link SpanColumns.outcome}; 0 is none. */
export const OUTCOMES = ['', 'ok', 'error', 'cancelled', 'not_started', 'abandoned'] as const;
/** Index in {@link SpanColumns.kind}. */
export const KINDS = [
  'UNSPECIFIED',
  'INTERNAL',
  'SERVER',
  'CLIENT',
  'PRODUCER',
  'CONSUMER',
] as const;
/** Index in {@link SpanColumns.status}. */
export const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;

/** Spans in preorder, children by time: a parent always stands before its children. */
export interface SpanColumns {
  /** 16 hex digits a span, one after the other. */
  readonly ids: string;
  /** Index of the parent, -1 for a root. */
  readonly parent: readonly number[];
  /** Microseconds after {@link TraceDetail.start}, skew taken out. */
  readonly start: readonly number[];
  /** Microseconds, never negative. */
  readonly duration: readonly number[];
  /** Duration without what its children cover, microseconds. */
  readonly self: readonly number[];
  readonly name: readonly number[];
  /** Index into {@link TraceDetail.services}. */
  readonly service: readonly number[];
  readonly kind: readonly number[];
  readonly status: readonly number[];
  readonly outcome: readonly number[];
  readonly flags: readonly number[];
  /** Statement or target by which repeats are told, cut to 200 characters; -1 for none. */
  readonly statement: readonly number[];
}

/** A service of the trace and what is known of its clock. */
export interface TraceService {
  readonly name: string;
  readonly spans: number;
  /** Microseconds by which its times were moved so that no call starts before it was made; 0 mostly. */
  readonly skew: number;
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

/** A stretch for which the event loop of a process was blocked. */
export interface BlockedBand {
  readonly start: number;
  readonly duration: number;
  /** The span that blocked, if it is in this trace; else -1 and the ids below say where it is. */
  readonly span: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  /** `src/orders.service.ts:41`, or empty. */
  readonly source: string;
  /** `list orders.service.ts:41`; empty or absent if it is not known. */
  readonly place?: string;
  readonly cause: string;
}

export type ProblemKind =
  | 'error'
  | 'repeated'
  | 'sequential'
  | 'gap'
  | 'blocked'
  | 'outlives'
  | 'missing parent'
  | 'cancelled'
  | 'abandoned'
  | 'not started'
  | 'lost'
  | 'left out'
  | 'skew'
  | 'slow';

/** Something worth a look, with what proves it. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Where it is; -1 for the trace as a whole. */
  readonly span: number;
  /** One sentence. */
  readonly text: string;
  /** The spans that prove it, at most 200. */
  readonly evidence: readonly number[];
  /** Microseconds it cost, where that can be told; else 0. */
  readonly cost: number;
}

/** `GET /api/traces/:id`. */
export interface TraceDetail {
  readonly traceId: string;
  readonly revision: number;
  /** Milliseconds since the epoch, with a fraction. */
  readonly start: number;
  /** Microseconds from the first start to the last end. */
  readonly duration: number;
  readonly isRunning: boolean;
  readonly isPinned: boolean;
  readonly name: string;
  readonly route: string;
  readonly dropped: { readonly spans: number; readonly logs: number };
  readonly strings: readonly string[];
  readonly services: readonly TraceService[];
  readonly spans: SpanColumns;
  readonly calls: CallColumns;
  readonly links: LinkColumns;
  readonly events: EventColumns;
  readonly logs: LogColumns;
  /** Of the longest root. */
  readonly path: PathColumns;
  /** Why there is no critical path, if there is none. */
  readonly pathFailure?: string;
  readonly blocked: readonly BlockedBand[];
  /** The most telling first; at most 100. */
  readonly problems: readonly Problem[];
}
