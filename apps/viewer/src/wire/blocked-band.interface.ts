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
