import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';

/** Stands for the span where none is made. It records nothing. */
export const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
