import type { SpanOptions } from '@opentelemetry/api';
import type { PAIRS } from '../attributes/pairs.js';

/** What a trace may begin with, as rules of sampling tell it apart. */
export type SubjectKind = 'route' | 'pattern' | 'grpc' | 'graphql' | 'event' | 'cron';

/** What came in, by its name of low cardinality: rules of sampling go by it. */
export interface SamplingSubject {
  readonly kind: SubjectKind;
  readonly name: string;
  /** Of an HTTP request. */
  readonly method?: string;
}

/** Options of a span that rules of sampling may decide on. Other SDKs pass them over. */
export interface SubjectOptions extends SpanOptions {
  readonly subject?: SamplingSubject;
  /**
   * The attributes once more, keys and values by turns, for a tracer of ours that keeps them so: each key
   * once.
   */
  readonly [PAIRS]?: unknown[];
  /** Whether what it is linked to has decided on it, as a parent would. */
  readonly hasOrigin?: boolean;
}
