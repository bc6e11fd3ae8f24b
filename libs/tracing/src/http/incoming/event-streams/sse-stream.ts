import { isObject } from '../../../span/is-object.js';

/** What of an event tells that it is one. */
export interface SseMessage {
  readonly data?: unknown;
  readonly type?: unknown;
  readonly retry?: unknown;
  readonly comment?: unknown;
}

/** Told that an event is written, or why it could not be. */
type Written = (error?: unknown) => void;

/** Writes one event. */
type WriteMessage = (message: SseMessage, written: Written) => unknown;

/** The part that is used of the stream that Nest writes the events of `@Sse()` to. */
export interface SseStream {
  writeMessage: WriteMessage;
}

/** Whether something is the stream of `@Sse()`. Nest exports no class of it. */
export function isSseStream(source: unknown): source is SseStream {
  return isObject(source) && typeof (source as Partial<SseStream>).writeMessage === 'function';
}

/**
 * Puts a method over the stream's own that writes its events. Comments, which keep a connection alive, are
 * no events.
 *
 * @param through is given the stream's own way to write
 */
export function shadowEvents(stream: SseStream, through: (write: WriteMessage) => WriteMessage) {
  const { writeMessage } = stream;
  const write: WriteMessage = (...args) => Reflect.apply(writeMessage, stream, args);
  const ours = through(write);
  const value: WriteMessage = (message, written) =>
    isComment(message) ? write(message, written) : ours(message, written);
  Object.defineProperty(stream, 'writeMessage', { value, configurable: true, writable: true });
}

function isComment({ comment, data, type, retry }: SseMessage): boolean {
  return comment != null && data === undefined && type === undefined && retry === undefined;
}
