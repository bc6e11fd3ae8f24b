import type { KINDS, STATUSES } from './span-codes.js';

/** A value of an attribute. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainPairs;
/** A map within a value, as pairs: no key is special. */
export interface PlainPairs {
  readonly pairs: readonly (readonly [string, PlainValue])[];
}
export type Attributes = readonly (readonly [string, PlainValue])[];

/** `GET /api/traces/:id/spans/:spanId`: everything that is known of one span. */
export interface SpanDetail {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly service: string;
  /** As it was sent, skew and all: nanoseconds since the epoch as text. */
  readonly startUnixNano: string;
  readonly endUnixNano: string;
  readonly status: (typeof STATUSES)[number];
  readonly statusMessage: string;
  readonly traceState: string;
  readonly scope: { readonly name: string; readonly version: string };
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly events: readonly {
    readonly name: string;
    /** Microseconds after the start of the trace. */
    readonly time: number;
    readonly attributes: Attributes;
  }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: Attributes;
  }[];
  readonly logs: readonly {
    readonly time: number;
    readonly severity: string;
    readonly message: string;
    readonly attributes: Attributes;
  }[];
  /** What its sender says that it dropped, and what was beyond the limits of one span. */
  readonly dropped: {
    readonly attributes: number;
    readonly events: number;
    readonly links: number;
  };
}
