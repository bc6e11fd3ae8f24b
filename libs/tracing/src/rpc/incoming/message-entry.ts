import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { Entry } from '../../entry/entry.js';
import { NO_PARENT, linkedRoot, remoteParent } from '../../entry/remote-parent.js';
import type { CallerTrust, RemoteParent } from '../../entry/remote-parent.js';
import { leftOutContext, leftOutLinkedRoot } from '../../span/left-out.js';
import { MESSAGE_CARRIER } from '../carriers/read-carrier.js';
import { MESSAGING, describeRequest } from '../conventions.js';
import type { TransportName } from '../conventions.js';
import type { IncomingRpcOptions, RpcContext } from '../rpc-options.interface.js';
import type { Delivery } from './delivery.interface.js';
import type { RegisteredHandler } from './registered-handler.js';

type Options = Required<IncomingRpcOptions>;

/** What the span of a message is made of. */
interface MessageSpec {
  readonly transport: TransportName;
  readonly registered: RegisteredHandler;
  readonly delivery: Delivery;
  /** What Nest calls the handler with, for the trust option. */
  readonly context: unknown;
  readonly options: Options;
}

/**
 * Opens the span of a message: of a request a SERVER span that is the caller's child, of an event a
 * CONSUMER span that is linked to whoever emitted it, or its child. If the span is left out, there is
 * nothing to know but the context to run in.
 */
export function messageEntry(spec: MessageSpec): Entry | Context {
  const { registered, delivery } = spec;
  const isEvent = isEventOf(spec);
  const isLinked = isEvent && spec.options.events === 'link';
  const from = callerOf(delivery.carrier, spec);
  const leftOut =
    from.links.length === 0 ? leftOutAt(from.parent, isLinked, registered) : undefined;
  if (leftOut !== undefined) return leftOut;
  const start = isEvent ? registered.event : registered.request;
  return new Entry({
    name: start.name,
    kind: isEvent ? SpanKind.CONSUMER : SpanKind.SERVER,
    attributes: attributesOf(start.attributes, spec),
    subject: registered.subject,
    from: isLinked ? linkedRoot(from) : from,
    unanswered: isEvent,
    handlerSpans: registered.handler.next !== undefined,
  });
}

/** A trace of its own that is linked to no caller is a root as any. */
function leftOutAt(
  parent: Context,
  isLinked: boolean,
  { subject }: RegisteredHandler,
): Context | undefined {
  return isLinked && parent !== ROOT_CONTEXT
    ? leftOutLinkedRoot(parent, subject)
    : leftOutContext(parent, subject);
}

/** Most messages tell nothing that their pattern does not. */
function attributesOf(known: Attributes, { registered, delivery }: MessageSpec): Attributes {
  const { destination, attributes } = delivery;
  const isElsewhere = destination !== undefined && destination !== registered.pattern;
  if (!isElsewhere && attributes === undefined) return known;
  return {
    ...known,
    ...(isElsewhere ? { [MESSAGING.destination]: destination } : {}),
    ...attributes,
  };
}

/** Whether somebody waits the message tells; Kafka's asks Nest's handler first. */
function isEventOf({ delivery, registered, transport }: MessageSpec): boolean {
  if (transport === 'kafka' && registered.isEvent) return true;
  return delivery.isEvent ?? registered.isEvent;
}

function callerOf(carrier: unknown, { options: { trust }, context }: MessageSpec): RemoteParent {
  if (carrier === undefined || carrier === null) return NO_PARENT;
  const asked: CallerTrust =
    typeof trust === 'function' ? () => trust(context as RpcContext) : trust;
  return remoteParent(carrier, MESSAGE_CARRIER, asked, 'microservices.incoming.trust');
}

/**
 * Opens the span of a request that no handler is there for. Nest has made no context to ask a trust function
 * with, so that one trusts nobody.
 */
export function unhandledEntry(
  transport: TransportName,
  pattern: string,
  carrier: unknown,
  { trust }: Options,
): Entry {
  const asked = typeof trust === 'function' ? 'none' : trust;
  const { name, attributes } = describeRequest(transport, undefined, pattern);
  const from = remoteParent(carrier, MESSAGE_CARRIER, asked, 'microservices.incoming.trust');
  return new Entry({ name, kind: SpanKind.SERVER, attributes, from });
}
