import type { Entry } from '../../../entry/entry.js';
import { guard } from '../../../span/guard.js';
import { RPC } from '../../conventions.js';
import type { GrpcStatus } from '../grpc-status.js';
import { isServerError, statusName } from '../grpc-status.js';
import { whenStreamCloses } from './closed-stream.js';

/** What is asked of a call about its end. */
export interface EndingCall {
  getDeadline?(): Date | number;
  /** Only a call that nothing stands before has it. */
  checkCancelled?(): boolean;
}

/** How much of a call's time its headers may have taken to get here: a fifth, and no more milliseconds. */
const [SHARE_UNDER_WAY, MOST_UNDER_WAY_MILLIS] = [0.2, 100];
/** Why a span was called off. */
const GONE = 'the client has cancelled the call, or is gone';
const SHUT_DOWN = 'the server has shut down';
/** The message of a status that the server has not sent. */
const OUT_OF_TIME = 'Deadline exceeded';
/** What a status says may be long, and so may what it says to strangers. */
const LONGEST_DETAILS = 1024;

/** Ends the entry of a call, by its status or as called off. */
export class CallEnds {
  entry: Entry | undefined;
  readonly #call: EndingCall;
  readonly #isShutDown: () => boolean;
  #outOfTimeAt = Infinity;
  #isHalfClosed = false;
  #isAnswered = false;

  /** @param isShutDown whether the server has cut off all its calls */
  constructor(call: EndingCall, isShutDown: () => boolean) {
    this.#call = call;
    this.#isShutDown = isShutDown;
  }

  /** The call has begun. */
  follow(entry: Entry | undefined): void {
    this.entry = entry;
    this.#outOfTimeAt = outOfTime(this.#call);
  }

  /** The client has sent all that it sends. */
  halfClosed(): void {
    this.#isHalfClosed = true;
  }

  /** The server sends its status. What the stream of a client has come to is known once it has closed. */
  answered(status: GrpcStatus): void {
    const { entry } = this;
    if (entry?.isOpen !== true || this.#isAnswered) return;
    if (this.#call.checkCancelled?.() === true) return this.cancelled();
    const closed = (isCancelled: boolean): void => {
      guard('ending the span of a call', () =>
        isCancelled ? this.#endCancelled(entry) : endWith(entry, status),
      );
    };
    const mayBeCancelled = this.#isHalfClosed && status.code === 0;
    this.#isAnswered = mayBeCancelled && whenStreamCloses(this.#call, closed);
    if (this.#isAnswered) entry.endAt(performance.now());
    else endWith(entry, status);
  }

  /** The call is over. Every call is told so, those that were answered too. */
  cancelled(): void {
    const { entry } = this;
    if (entry?.isOpen === true && !this.#isAnswered) this.#endCancelled(entry);
  }

  /** A call whose time is over has run out of it, whichever side has noticed first. */
  #endCancelled(entry: Entry): void {
    if (this.#outOfTimeAt <= Date.now()) return endWith(entry, { code: 4, details: OUT_OF_TIME });
    entry.span?.setAttribute(RPC.statusCode, 'CANCELLED');
    entry.cancel(this.#isShutDown() ? SHUT_DOWN : GONE);
  }
}

function endWith(entry: Entry, { code, details }: GrpcStatus): void {
  const name = statusName(code);
  entry.span?.setAttribute(RPC.statusCode, name);
  if (code === 0) entry.succeed();
  else entry.failAs(name, isServerError(name), details?.slice(0, LONGEST_DETAILS));
}

/**
 * When the time of a call is over, by a client that cancels it then. The client counts from before its
 * headers are here, the server from when it reads them: the client's deadline comes somewhat before its.
 */
function outOfTime(call: EndingCall): number {
  const deadline = Number(call.getDeadline?.() ?? Infinity);
  const left = deadline - Date.now();
  return deadline - Math.min(MOST_UNDER_WAY_MILLIS, Math.max(0, left) * SHARE_UNDER_WAY);
}
