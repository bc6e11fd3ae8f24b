import type { Readable } from 'node:stream';
import type { Attributes } from '@opentelemetry/api';
import { bindEmitter } from '../../context/bind-emitter.js';
import { bind } from '../../context/bind.js';
import type { AnyFunction } from '../../span/record.js';
import type { SpanSite } from '../../span/span-site.js';
import { SpanRecording } from '../../span/recording.js';
import type { SpanSpec } from '../../span/recording.js';
import { enclosingWork } from '../../context/enclosing-work.js';
import { isCalledOff } from '../../span/outcome/called-off.js';
import { callOffAttributes, cancelled } from './called-off-statement.js';
import { ATTR_RETURNED_ROWS } from './returned-rows.js';
import { replaceMethod } from '../shadow/stand-in.js';

const LEFT_EARLY = 'the stream was closed before its end';

/** The call that asks for a stream. */
interface StreamCall {
  readonly original: AnyFunction;
  readonly receiver: unknown;
  readonly args: readonly unknown[];
}

/**
 * Returns a stream whose span ends with it: at its end, at its error, or when it is closed early, by `break`
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
  replaceMethod(stream, 'push', (original, receiver, args) => {
    if (args[0] !== null) rows += 1;
    return Reflect.apply(original, receiver, args);
  });
  return () => rows;
}

function watch(stream: Readable, recording: SpanRecording, rows: (() => number) | undefined): void {
  const work = enclosingWork();
  let open = true;
  /** Its end is followed by its close, and so is its error. */
  const conclude = (attributes: Attributes, error?: Error): void => {
    if (!open) return;
    open = false;
    if (rows !== undefined) recording.span.setAttribute(ATTR_RETURNED_ROWS, rows());
    recording.span.setAttributes(attributes);
    if (error === undefined) recording.end();
    else recording.fail(error);
  };
  stream.once('end', () => conclude({}));
  stream.once('close', () => conclude(cancelled(LEFT_EARLY)));
  stream.once('error', (error: Error) => {
    const calledOff = callOffOf(error, work?.source.signal);
    conclude(calledOff ?? {}, calledOff === undefined ? error : undefined);
  });
}

/** An AbortError is what a signal makes of a stream, whoever's it is; its cause may be a deadline. */
function callOffOf(error: Error, signal: AbortSignal | undefined): Attributes | undefined {
  const own = AbortSignal.abort(error.cause ?? error);
  const isAbort = isCalledOff(error, own) && error.name === 'AbortError';
  return isAbort ? cancelled(error.cause ?? error) : callOffAttributes(error, signal);
}
