import { ROOT_CONTEXT, context, diag } from '@opentelemetry/api';
import { hrTimeToMilliseconds, suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace';
import type { ViewerSettings } from '../../options/viewer.js';
import { LeanSpan } from '../../tracer/lean-span.js';
import { nowOf } from '../../tracer/clock/now-of.js';
import { isSampled } from '../../tracer/sampling/is-sampled.js';
import type { OpenSpans } from '../../watchdog/open-spans.js';
import { OpenSpansRequest } from './open-spans-request.js';
import { ViewerConnection } from './viewer-connection.js';

const EVERY_MILLIS = 1_000;
/** What is over sooner is seen at its end, soon enough. */
const OPEN_FOR_MILLIS = 250;
/** Making a message of more would block the loop for milliseconds. */
const MAX_SPANS = 100;
/** How long a viewer that was not there is left alone. */
const REST_MILLIS = 5_000;

/** Its calls are no work of the application's: no spans, and nobody's trace. */
const UNTRACED = suppressTracing(ROOT_CONTEXT);

/** Tells a viewer on this machine, now and then, which spans are open; what ends is sent as ever. */
export class OpenSpanSender {
  readonly #open: OpenSpans;
  readonly #connection: ViewerConnection;
  readonly #request = new OpenSpansRequest();
  readonly #timer: NodeJS.Timeout;
  #isSending = false;
  #restsUntil = 0;

  constructor(open: OpenSpans, { endpoint }: ViewerSettings) {
    this.#open = open;
    this.#connection = new ViewerConnection(endpoint);
    this.#timer = context.with(UNTRACED, () => setInterval(() => this.#tick(), EVERY_MILLIS));
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#connection.close();
  }

  #tick(): void {
    if (this.#isSending || performance.now() < this.#restsUntil) return;
    const [first, ...others] = this.#open.all().filter(isShown).slice(-MAX_SPANS);
    if (first === undefined) return;
    this.#isSending = true;
    const rest = (): void => void (this.#restsUntil = performance.now() + REST_MILLIS);
    const sent = context.with(UNTRACED, () => this.#send([first, ...others]));
    void sent
      .then((isTaken) => isTaken || rest())
      .catch((error: unknown) => {
        rest();
        diag.warn('Open spans could not be sent to the viewer', error);
      })
      .finally(() => (this.#isSending = false));
  }

  /** Rejects if a span cannot be read at all. */
  async #send(spans: readonly [ReadableSpan, ...ReadableSpan[]]): Promise<boolean> {
    return await this.#connection.send(this.#request.encode(spans));
  }
}

function isShown(span: Span): boolean {
  return isSampled(span) && ageMillis(span) >= OPEN_FOR_MILLIS;
}

function ageMillis(span: Span): number {
  if (LeanSpan.is(span)) return nowOf(span) - span.startedAt;
  return Date.now() - hrTimeToMilliseconds(span.startTime);
}
