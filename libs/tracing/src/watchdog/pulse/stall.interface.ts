/** A time in which the event loop did not turn. */
export interface Stall {
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Processor time that was used until it began, in milliseconds since the process began. */
  readonly cpuFrom: number;
  /** Processor time that was used in it. */
  readonly cpuMillis: number;
  /** How long the thread could have run and had no processor, as far as is known. */
  readonly starvedMillis: number;
}

export function millisOf({ startedAt, endedAt }: Stall): number {
  return endedAt - startedAt;
}

/** Without the time that the machine had no processor for it. */
export function ownMillisOf(stall: Stall): number {
  return millisOf(stall) - stall.starvedMillis;
}
