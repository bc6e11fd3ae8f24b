import type { OffloadCall, OffloadReply } from '../../offload/backend.interface.js';
import { OffloadConnectionError } from '../../offload/offload.error.js';
import type { RedisLink } from '../redis-link.js';

/** A host that ends a task by force has this long to say so, in milliseconds. */
const LAST_WORD_MILLIS = 1000;

/** Describes the queue that a pending call waits for. */
interface PendingSite {
  readonly link: RedisLink;
  /** Names the Redis that the link leads to. */
  readonly where: string;
  readonly connectionTimeoutMillis: number;
}

/**
 * Follows a call whose job is in the queue or with a host, until its job, its caller or the lack of a
 * connection ends it.
 */
export class PendingCall {
  readonly call: OffloadCall;
  /** Settles when the call is over. */
  readonly answer: Promise<OffloadReply>;
  /** Whether the queue has the job. */
  added = false;
  readonly #site: PendingSite;
  readonly #settle: (reply: OffloadReply | Promise<OffloadReply>) => void;
  readonly #reject: (error: unknown) => void;
  readonly #callOff: () => void;
  readonly #endWatch: () => void;
  #outage: NodeJS.Timeout | undefined;
  #lastWord: NodeJS.Timeout | undefined;

  /** @param callOff called when the caller gives up */
  constructor(call: OffloadCall, site: PendingSite, callOff: () => void) {
    const { promise, resolve, reject } = Promise.withResolvers<OffloadReply>();
    this.call = call;
    this.answer = promise;
    this.#site = site;
    this.#settle = resolve;
    this.#reject = reject;
    this.#callOff = callOff;
    this.#endWatch = site.link.onChange(this.#watch);
    call.signal?.addEventListener('abort', this.#abort);
    call.kill?.addEventListener('abort', this.#kill);
    this.#watch();
  }

  get task(): string {
    return this.call.task.name;
  }

  succeed(reply: OffloadReply | Promise<OffloadReply>): void {
    this.#settle(reply);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  /** Ends it because there is no connection. */
  loseConnection(cause: unknown = this.#site.link.lastError): void {
    this.fail(new OffloadConnectionError(this.task, this.#site.where, cause));
  }

  /** The call is over: nothing of it stays behind. */
  close(): void {
    this.#endWatch();
    clearTimeout(this.#outage);
    clearTimeout(this.#lastWord);
    this.call.signal?.removeEventListener('abort', this.#abort);
    this.call.kill?.removeEventListener('abort', this.#kill);
  }

  /** A connection that comes back in time is none that was lost. */
  readonly #watch = (): void => {
    clearTimeout(this.#outage);
    if (this.#site.link.up) return;
    this.#outage = setTimeout(() => this.loseConnection(), this.#site.connectionTimeoutMillis);
  };

  readonly #abort = (): void => {
    if (this.#site.link.up) this.#callOff();
    else this.loseConnection();
  };

  readonly #kill = (): void => {
    const give = (): void => this.fail(this.call.kill?.reason);
    this.#lastWord = setTimeout(give, LAST_WORD_MILLIS);
  };
}
