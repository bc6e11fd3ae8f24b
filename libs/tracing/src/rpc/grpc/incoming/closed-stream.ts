import type { EventEmitter } from 'node:events';

/** What is read of a call of `@grpc/grpc-js`, where it is there. */
interface StreamedCall {
  readonly handler?: { readonly type?: unknown };
  readonly stream?: EventEmitter & { readonly rstCode?: number };
}

/** How a call is named whose client sends a stream. */
const CLIENT_STREAMS: readonly unknown[] = ['clientStream', 'bidi'];
/** HTTP/2's code of a stream that its client has called off. */
const CANCEL = 8;

/**
 * Tells whether a client that has ended its stream of messages had called the call off: `@grpc/grpc-js` ends
 * the stream first, so the handler has answered before the cancellation comes. To be asked when the answer
 * is sent: HTTP/2 takes nothing of a stream that both sides have ended.
 *
 * @param closed told when the stream has closed
 * @returns whether it is going to be told: not of a call whose client sends a single message
 */
export function whenStreamCloses(call: object, closed: (isCancelled: boolean) => void): boolean {
  const { handler, stream } = call as StreamedCall;
  if (!CLIENT_STREAMS.includes(handler?.type) || typeof stream?.once !== 'function') return false;
  stream.once('close', () => closed(stream.rstCode === CANCEL));
  return true;
}
