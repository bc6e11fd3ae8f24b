import { SpanKind, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';

/** The part that is read of a span that somebody else has made. */
interface ForeignSpan {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
}

const FOUND =
  'Another instrumentation traces messages of socket.io, so this package opens no spans for those that ' +
  'it has seen. Remove it (sdk.instrumentations, or the preload that brings it) to have ours, or set ' +
  'websockets to false to leave it so without this message.';

/**
 * Looks for another instrumentation of socket.io: it leaves a CONSUMER span active around a message that
 * comes, and a PRODUCER span around one that goes.
 */
export class ForeignMessageSpans {
  readonly #say: (message: string) => void;
  #said = false;

  constructor(say: (message: string) => void) {
    this.#say = say;
  }

  /** Whether the message at hand has its span from somebody else. Says so the first time. */
  handle(kind: SpanKind.CONSUMER | SpanKind.PRODUCER): boolean {
    const span = trace.getActiveSpan() as ForeignSpan | undefined;
    if (span?.kind !== kind || span.attributes?.['messaging.system'] !== 'socket.io') return false;
    if (!this.#said) this.#say(FOUND);
    this.#said = true;
    return true;
  }
}
