/** What a collector answered, reduced to what must be done about it. */
export type SendOutcome = AcceptedOutcome | RetryOutcome | RefusedOutcome;

/** Done; a part may have been rejected for good. */
export interface AcceptedOutcome {
  readonly kind: 'accepted';
  readonly rejected: number;
  readonly message: string;
}

/** To be sent again. */
export interface RetryOutcome {
  readonly kind: 'retry';
  readonly reason: string;
  /** How long the collector asked to wait. */
  readonly afterMillis?: number | undefined;
}

/** Never to be sent again. */
export interface RefusedOutcome {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Sends requests to one collector. Its answers never reject. */
export interface Sender {
  /** Opens a connection ahead of the first request, where that takes long. */
  prepare(): void;
  send(request: Uint8Array, timeoutMillis: number): Promise<SendOutcome>;
  /** Forgets the connection: the next request opens its own. */
  reconnect(): void;
  /** Ends what is under way and every connection. */
  close(): void;
}

/** Calls what opens a request, in whatever surroundings that needs. */
export type Around = <T>(open: () => T) => T;
