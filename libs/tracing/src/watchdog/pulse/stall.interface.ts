/** A time in which the event loop did not turn. */
export interface Stall {
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Processor time that was used until it began, in milliseconds since the process began. */
  readonly cpuFrom: number;
  /** Processor time that was used in it. */
  readonly cpuMillis: number;
}

export function millisOf({ startedAt, endedAt }: Stall): number {
  return endedAt - startedAt;
}
