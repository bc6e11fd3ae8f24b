import type { SamplingSubject } from '../../tracer/sampling/sampling-subject.interface.js';
import { describeEvent, describeRequest } from '../conventions.js';
import type { SpanStart, TransportName } from '../conventions.js';
import { patternText } from '../pattern.js';
import type { RpcHandler } from './rpc-server.js';

/** What is known of a handler from its registration. */
export interface RegisteredHandler {
  /** In its normal form: it names the span. */
  readonly pattern: string;
  /** Whether it is one of events. A message may still ask it for a reply. */
  readonly isEvent: boolean;
  readonly isIgnored: boolean;
  /** Nest's whole pipeline. */
  readonly handler: RpcHandler;
  /** By what rules of sampling know its messages. */
  readonly subject: SamplingSubject;
  /** With what the span of a request starts, and that of an event: made once, for all messages. */
  readonly request: SpanStart;
  readonly event: SpanStart;
  /** Whether it runs after another one of the same event, as part of that. */
  isChained: boolean;
}

/** Where a handler is registered. */
interface RegisteredAt {
  readonly transport: TransportName;
  readonly ignores: IgnorePattern;
}

/** Tells whether a pattern is to have no span, its whole work included. */
export type IgnorePattern = (pattern: string) => boolean;

/** Notes what is known of a handler. A shared subscription of MQTT does not change its name. */
export function registered(
  pattern: unknown,
  handler: RpcHandler,
  isEvent: boolean,
  { transport, ignores }: RegisteredAt,
): RegisteredHandler {
  const name = patternText(pattern).replace(/^\$share\/[^/]*\//, '');
  return {
    pattern: name,
    isEvent,
    isIgnored: ignores(name),
    handler,
    subject: { kind: 'pattern', name },
    request: describeRequest(transport, name),
    event: describeEvent('process', transport, name),
    isChained: false,
  };
}
