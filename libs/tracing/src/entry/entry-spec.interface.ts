import type { Attributes, SpanKind, TimeInput } from '@opentelemetry/api';
import type { SamplingSubject } from '../tracer/sampling/sampling-subject.interface.js';
import type { RemoteParent } from './remote-parent.js';

/** How the span of an entry opens. */
export interface EntrySpec {
  readonly name: string;
  readonly kind: SpanKind;
  /** Must be legal as they are. */
  readonly attributes: Attributes;
  /** By what rules of sampling know it. */
  readonly subject?: SamplingSubject | undefined;
  /** Where it opens; `NO_PARENT` for a root. */
  readonly from: RemoteParent;
  /** When it began, if that was before it opened. Default: now. */
  readonly startTime?: TimeInput;
  /** Whether nobody waits for a reply: then, by default, what is a reply elsewhere is an error. */
  readonly unanswered?: boolean;
  /** Whether each of its handlers has a span: there are several. */
  readonly handlerSpans?: boolean;
}
