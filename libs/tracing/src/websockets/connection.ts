import { ROOT_CONTEXT, isSpanContextValid } from '@opentelemetry/api';
import type { Attributes, Link, SpanContext, TextMapGetter } from '@opentelemetry/api';
import { remoteParent } from '../entry/remote-parent.js';
import type { RemoteParent } from '../entry/remote-parent.js';
import type { HandshakeFacts } from './client-facts.js';
import type { FoundGateway } from './gateways.js';
import { CLIENT_LEFT } from './why-gone.js';

type Headers = HandshakeFacts['headers'];

const HEADERS: TextMapGetter<Headers> = {
  get: (headers, key) => headers[key],
  keys: (headers) => Object.keys(headers),
};

const ATTR_PEER_ADDRESS = 'network.peer.address';
const ATTR_USER_AGENT = 'user_agent.original';

/**
 * What is kept of a connection for as long as its client is there: ids and small facts. Nothing of it leads
 * to the client.
 */
export class Connection {
  /** What the span of the connection says of the request that it began with. */
  readonly handshake: Attributes;
  readonly #caller: readonly Link[];
  /** The spans of the connection, by the gateway that it is to. */
  readonly #spans = new Map<string | undefined, SpanContext>();
  #gateway: FoundGateway | undefined;
  #whyGone: string | undefined;
  #leaving: ((why: string) => void)[] = [];

  constructor({ headers, address }: HandshakeFacts) {
    this.#caller = remoteParent(headers, HEADERS, 'none', 'websockets').links;
    const userAgent = headers['user-agent'];
    this.handshake = {
      ...(address === undefined ? {} : { [ATTR_PEER_ADDRESS]: address }),
      ...(typeof userAgent === 'string' ? { [ATTR_USER_AGENT]: userAgent } : {}),
    };
  }

  /** Who has ended it, once the client has left. */
  get whyGone(): string | undefined {
    return this.#whyGone;
  }

  /** Whether it has a span. */
  get isSeen(): boolean {
    return this.#spans.size > 0;
  }

  /** The first gateway that is told of it, or else that its messages were bound to. */
  get gateway(): FoundGateway | undefined {
    return this.#gateway;
  }

  /** Takes a gateway that its messages are bound to. */
  boundTo(gateway: FoundGateway): void {
    if (this.#gateway?.hasConnect !== true) this.#gateway = gateway;
  }

  /** Takes that the client has left, and why. */
  leave(why: string): void {
    this.#whyGone ??= why;
    for (const left of this.#leaving.splice(0)) left(this.#whyGone);
  }

  /**
   * Tells why the client has left, to somebody who knows that it has. An adapter ends the streams of a client
   * and tells of its leaving one after the other, if it tells of that at all.
   */
  whenGone(left: (why: string) => void): void {
    if (this.#leaving.push(left) > 1) return;
    if (this.#whyGone === undefined) queueMicrotask(() => this.leave(CLIENT_LEFT));
    else this.leave(this.#whyGone);
  }

  /** Takes the span that a gateway's connection has. */
  seenBy(gateway: string | undefined, span: SpanContext | undefined): void {
    if (span !== undefined && isSpanContextValid(span)) this.#spans.set(gateway, span);
  }

  /** Where the span of the connection itself opens: a root, linked to whoever has sent the handshake. */
  fromHandshake(): RemoteParent {
    return { parent: ROOT_CONTEXT, links: [...this.#caller] };
  }

  /** Where the span of what comes from the client opens: a root, linked to the connection as well. */
  from(gateway: string | undefined): RemoteParent {
    const [first] = this.#spans.values();
    const context = this.#spans.get(gateway) ?? first;
    const links = context === undefined ? [] : [{ context }];
    return { parent: ROOT_CONTEXT, links: [...links, ...this.#caller] };
  }
}
