import { SpanKind } from '@opentelemetry/api';
import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';
import { openSpan, recordInto } from '../span/record.js';
import type { SpanSpec } from '../span/recording.js';
import { clientAttributes, eventName, messageAttributes } from './conventions.js';
import type { ForeignMessageSpans } from './foreign-message-spans.js';
import { shadow } from './shadow.js';

/** A namespace of socket.io, a server's main one included. What it sends to several goes by its adapter. */
interface Namespace {
  readonly name?: unknown;
  readonly adapter?: unknown;
  /** A server's main namespace. */
  readonly sockets?: unknown;
}

/** What socket.io sends. */
interface Packet {
  readonly data?: unknown;
}

/** The ways of an adapter of socket.io to send: with or without acknowledgements. */
const WAYS = ['broadcast', 'broadcastWithAck'] as const;

/** Gives what a server of socket.io sends to all, or to a room, a PRODUCER span. Others cannot do that. */
export class Broadcasts {
  readonly #ignores: (event: string) => boolean;
  readonly #foreign: ForeignMessageSpans;
  /** Weak: a namespace may come and go. */
  readonly #known = new WeakSet();
  readonly #undo: (() => void)[] = [];

  constructor(ignores: (event: string) => boolean, foreign: ForeignMessageSpans) {
    this.#ignores = ignores;
    this.#foreign = foreign;
  }

  /** Takes a server, or a namespace. One that it knows already stays as it is. */
  follow(serverOrNamespace: unknown): void {
    const given = serverOrNamespace as Namespace | null | undefined;
    const namespace =
      isObject(given?.sockets) && 'adapter' in given.sockets ? given.sockets : given;
    const { name, adapter } = (namespace ?? {}) as Namespace;
    if (!isObject(adapter) || this.#known.has(adapter)) return;
    this.#known.add(adapter);
    for (const way of WAYS) {
      const undo = shadow(adapter, way, (send) => (packet, ...rest) => {
        const call = (): unknown => send(packet, ...rest);
        const spec = guard('tracing a broadcast', () => this.#describe(packet, String(name)));
        const recording = spec && openSpan(spec);
        return spec && recording ? recordInto(recording, spec, call, undefined, []) : call();
      });
      if (undo !== undefined) this.#undo.push(undo);
    }
  }

  /** Takes out what was put in. */
  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #describe(packet: unknown, namespace: string): SpanSpec | undefined {
    const data: unknown = (packet as Packet | undefined)?.data;
    if (!Array.isArray(data)) return undefined;
    const event = eventName(data[0]);
    if (this.#ignores(event) || this.#foreign.handle(SpanKind.PRODUCER)) return undefined;
    const facts = { transport: 'socket.io', protocol: undefined, namespace } as const;
    const attributes = {
      ...messageAttributes('send', 'socket.io', event),
      ...clientAttributes(facts),
    };
    return { name: `send ${event}`, options: { kind: SpanKind.PRODUCER, attributes } };
  }
}
