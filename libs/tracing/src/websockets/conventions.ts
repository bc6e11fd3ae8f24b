import type { Attributes } from '@opentelemetry/api';

/**
 * There are no conventions of OpenTelemetry's for WebSockets. A message is named as its conventions for
 * messaging, in development as of v1.44.0, name one: by its event.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
const MESSAGING = {
  system: 'messaging.system',
  destination: 'messaging.destination.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
} as const;

export const CODE_FUNCTION_NAME = 'code.function.name';
/** `socket.io`, `ws`, or `custom` for the clients of an adapter of the application's own. */
const ATTR_TRANSPORT = 'nestjs.transport';
/** A namespace of socket.io. */
const ATTR_NAMESPACE = 'nestjs.websocket.namespace';
/** Why a client has left: a word of socket.io's, or the code of a close frame. */
export const ATTR_REASON = 'nestjs.websocket.disconnect.reason';
/** What socket.io's messages go over at the time: `websocket`, or `http` while it polls. */
const ATTR_PROTOCOL = 'network.protocol.name';

/** The kind of a client, as spans name it. */
type Transport = 'socket.io' | 'ws' | 'custom';

/** Says of a client what each of its spans says. */
export interface ClientFacts {
  readonly transport: Transport;
  readonly protocol: string | undefined;
  readonly namespace: string | undefined;
}

/** Returns what the span of anything that comes from a client starts with. */
export function clientAttributes({ transport, protocol, namespace }: ClientFacts): Attributes {
  const attributes: Attributes = { [ATTR_TRANSPORT]: transport };
  if (protocol !== undefined) attributes[ATTR_PROTOCOL] = protocol;
  if (namespace !== undefined) attributes[ATTR_NAMESPACE] = namespace;
  return attributes;
}

/** Returns what the span of one message says of it, on its way in or out. */
export function messageAttributes(
  operation: 'process' | 'send',
  transport: Transport,
  event: string,
): Attributes {
  return {
    [MESSAGING.system]: transport === 'custom' ? 'websocket' : transport,
    [MESSAGING.operationName]: operation,
    [MESSAGING.operationType]: operation,
    [MESSAGING.destination]: event,
  };
}

/** Longer ones are cut: the name of an event may be whatever the application makes of it. */
const LONGEST_NAME = 256;

/** Names an event: a text as it is, anything else that an adapter of one's own takes as JSON. */
export function eventName(message: unknown): string {
  const text = typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
  return text.slice(0, LONGEST_NAME);
}
