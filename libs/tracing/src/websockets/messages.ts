import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { Entry } from '../entry/entry.js';
import { follow } from '../entry/follow-result.js';
import type { ResultEnds } from '../entry/follow-result.js';
import type { OpenEntries } from '../entry/open-entries.js';
import { guard } from '../span/guard.js';
import { leftOutContext } from '../span/left-out.js';
import type { MessageHandler } from './adapter-hooks.js';
import { clientFacts } from './client-facts.js';
import type { Connection } from './connection.js';
import {
  CODE_FUNCTION_NAME,
  clientAttributes,
  eventName,
  messageAttributes,
} from './conventions.js';
import type { ForeignMessageSpans } from './foreign-message-spans.js';
import type { FoundGateway } from './gateways.js';

/** What is the same for all messages of one event that a client sends. */
interface MessagePlan {
  readonly event: string;
  readonly gateway: string | undefined;
  readonly codeName: string | undefined;
}

const IGNORED = suppressTracing(ROOT_CONTEXT);

/** Gives each message that a client sends a span, the root of a trace of its own. */
export class Messages {
  readonly #open: OpenEntries;
  readonly #ignores: (event: string) => boolean;
  readonly #foreign: ForeignMessageSpans;

  constructor(
    open: OpenEntries,
    ignores: (event: string) => boolean,
    foreign: ForeignMessageSpans,
  ) {
    this.#open = open;
    this.#ignores = ignores;
    this.#foreign = foreign;
  }

  /** Returns what is to handle a client's messages instead of a gateway's own handlers. */
  traced(
    client: object,
    connection: Connection,
    gateway: FoundGateway,
    handlers: readonly MessageHandler[],
  ): readonly MessageHandler[] {
    return handlers.map((handler, index) => {
      const event = eventName(handler.message);
      const { callback } = handler;
      if (this.#ignores(event)) {
        return {
          ...handler,
          callback: (...args) => follow(() => callback(...args), IGNORED, undefined),
        };
      }
      const plan = { event, gateway: gateway.name, codeName: gateway.codeName(index) };
      const begin = () => this.#begin(plan, client, connection);
      return {
        ...handler,
        callback: (...args) => handle(() => callback(...args), begin, connection),
      };
    });
  }

  #begin(
    { event, gateway, codeName }: MessagePlan,
    client: object,
    connection: Connection,
  ): Entry | Context | undefined {
    if (this.#foreign.handle(SpanKind.CONSUMER)) return undefined;
    // A root as any: those that the module's sampler is told to follow have a link of another kind.
    const leftOut = leftOutContext(ROOT_CONTEXT);
    if (leftOut !== undefined) return leftOut;
    const facts = clientFacts(client);
    const attributes: Attributes = {
      ...messageAttributes('process', facts.transport, event),
      ...clientAttributes(facts),
    };
    if (codeName !== undefined) attributes[CODE_FUNCTION_NAME] = codeName;
    const from = connection.from(gateway);
    const entry = new Entry({
      name: `process ${event}`,
      kind: SpanKind.CONSUMER,
      attributes,
      subject: { kind: 'event', name: event },
      from,
    });
    this.#open.add(entry);
    return entry;
  }
}

function handle(
  call: () => unknown,
  begin: () => Entry | Context | undefined,
  connection: Connection,
): unknown {
  const begun = guard('tracing a message', begin);
  if (begun === undefined) return call();
  return begun instanceof Entry
    ? follow(call, begun.context, endsOf(begun, connection))
    : follow(call, begun, undefined);
}

/** A client that has left before its handler answers with a stream will not listen to it. */
function endsOf(entry: Entry, connection: Connection): ResultEnds {
  return {
    deferred: () => {
      if (connection.whyGone !== undefined) entry.cancel(connection.whyGone);
    },
    done: () => entry.settle(),
    failed: (error) => {
      entry.threw(error);
      entry.settle();
    },
    left: () => connection.whenGone((why) => entry.cancel(why)),
  };
}
