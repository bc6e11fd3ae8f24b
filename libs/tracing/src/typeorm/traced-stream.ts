import type { Readable } from 'node:stream';
import { bindEmitter } from '../context/bind-emitter.js';
import { bind } from '../context/bind.js';
import type { AnyFunction, SpanSite } from '../span/record.js';
import { SpanRecording } from '../span/recording.js';
import type { SpanSpec } from '../span/recording.js';
import { ATTR_RETURNED_ROWS } from './returned-rows.js';
import { shadowMethod } from './shadow-method.js';

/** How a stream is asked for. */
export interface StreamCall {
  readonly original: AnyFunction;
  readonly receiver: unknown;
  readonly args: readonly unknown[];
}

/**
 * A stream whose span ends with it: at its end, at its error, or when it is closed early, by `break`
 * or `destroy()`, which is no error. Its listeners, and the callbacks that were passed to `stream()`,
 * run in the context they were added in instead of the socket's.
 *
 * TypeORM gives the connection of a query builder's stream back at `end` and `error` alone: after an
 * early `destroy()` it stays taken, traced or not.
 */
export async function tracedStream(
  site: SpanSite,
  spec: SpanSpec,
  { original, receiver, args }: StreamCall,
): Promise<unknown> {
  const [text, parameters, ...callbacks] = args;
  const bound = callbacks.map((callback) =>
    typeof callback === 'function' ? bind(callback as AnyFunction) : callback,
  );
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  try {
    const asked = recording.run(original as never, receiver, [text, parameters, ...bound]);
    const stream = (await asked) as Readable;
    watch(stream, recording, spec.result === undefined ? undefined : countRows(stream));
    return bindEmitter(stream);
  } catch (error) {
    recording.fail(error);
    throw error;
  }
}

/** Rows are counted as they are pushed: a listener for `data` would make the stream flow. */
function countRows(stream: Readable): () => number {
  let rows = 0;
  shadowMethod(stream, 'push', (original, receiver, args) => {
    if (args[0] !== null) rows += 1;
    return Reflect.apply(original, receiver, args);
  });
  return () => rows;
}

function watch(stream: Readable, recording: SpanRecording, rows: (() => number) | undefined): void {
  const conclude = (): void => {
    if (rows !== undefined) recording.span.setAttribute(ATTR_RETURNED_ROWS, rows());
  };
  const succeed = (): void => (conclude(), recording.end());
  stream.once('end', succeed);
  stream.once('close', succeed);
  stream.once('error', (error: Error) => {
    conclude();
    if (error.name === 'AbortError') recording.end();
    else recording.fail(error);
  });
}
