import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { reportFault } from './report-fault.js';

type Processors = readonly SpanProcessor[];

// A processor that throws is reported: the others are told all the same, and the traced call goes on.

/** Tells every processor of a span that has started. */
export function tellStart(processors: Processors, span: Span, ctx: Context): void {
  for (let at = 0; at < processors.length; at += 1) {
    try {
      processors[at]?.onStart(span, ctx);
    } catch (error) {
      reportFault('onStart of a span processor', error);
    }
  }
}

/** Tells every processor of a span that is about to end. */
export function tellEnding(processors: Processors, span: Span): void {
  for (let at = 0; at < processors.length; at += 1) {
    try {
      processors[at]?.onEnding?.(span);
    } catch (error) {
      reportFault('onEnding of a span processor', error);
    }
  }
}

/** Tells every processor of a span that has ended. */
export function tellEnd(processors: Processors, span: ReadableSpan): void {
  for (let at = 0; at < processors.length; at += 1) {
    try {
      processors[at]?.onEnd(span);
    } catch (error) {
      reportFault('onEnd of a span processor', error);
    }
  }
}
