/** A response of a collector, or the want of one, reduced to what must be done about it. */
export type SendOutcome = AcceptedOutcome | RetryOutcome | RefusedOutcome;

/** Done; a part may have been rejected for good. */
export interface AcceptedOutcome {
  readonly kind: 'accepted';
  readonly rejected: number;
  readonly message: string;
}

/**
 * The obstacle: no connection could be made (`unreachable`), no response came (`silent`),
 * what came is not of this protocol (`foreign`), or the collector itself says so (`response`).
 */
type FailureCause = 'unreachable' | 'silent' | 'foreign' | 'response';

/** The reason why a request failed. */
export interface SendFailure {
  readonly cause: FailureCause;
  /** In few words, for people; it may quote what somebody else wrote. */
  readonly reason: string;
}

/** To be sent again. */
export interface RetryOutcome extends SendFailure {
  readonly kind: 'retry';
  /** Milliseconds that the collector asked to wait, whatever it wrote there. */
  readonly afterMillis?: number | undefined;
}

/** Never to be sent again. */
interface RefusedOutcome extends SendFailure {
  readonly kind: 'refused';
}

/** Sends requests to one collector. The outcomes never reject. */
export interface Transport {
  /** Opens a connection ahead of the first request, where that takes long. */
  prepare(): void;
  /** Sends a request; neither it nor its connection keeps the process alive. */
  send(request: Uint8Array, timeoutMillis: number): Promise<SendOutcome>;
  /** Forgets the connection: the next request opens its own. */
  reconnect(): void;
  /** Ends what is under way and every connection. */
  close(): void;
}

/** Calls what opens a request, in whatever surroundings that needs. */
export type Around = <T>(open: () => T) => T;
