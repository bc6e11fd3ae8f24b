import { SpanKind } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { codeName } from '../decorators/code-name.js';
import { standIn } from '../decorators/stand-in.js';
import { Entry } from '../entry/entry.js';
import { ENTRY_OBSERVER, observeWith } from '../entry/exception-observer.js';
import { follow } from '../entry/follow-result.js';
import type { ResultEnds } from '../entry/follow-result.js';
import { placeStandIn } from '../entry/handlers.js';
import { processSlot } from '../process-slot.js';
import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';
import type { AnyFunction } from '../span/record.js';
import { ATTR_REASON } from './conventions.js';

/** A gateway's method that is told of what happens to its clients or its server, and what that is called. */
const HOOKS = {
  afterInit: { operation: 'init', kind: SpanKind.INTERNAL },
  handleConnection: { operation: 'connect', kind: SpanKind.SERVER },
  handleDisconnect: { operation: 'disconnect', kind: SpanKind.INTERNAL },
} as const;

const LONGEST_REASON = 128;

/** What happens to a gateway's clients or its server. */
export type Happening = (typeof HOOKS)[keyof typeof HOOKS];

/** A client has connected. */
export const CONNECT: Happening = HOOKS.handleConnection;

/** Opens the span of what happens, or returns undefined if it is to have none. */
type OpenHappening = (
  happening: Happening,
  gateway: string,
  attributes: Attributes,
) => Entry | undefined;

/**
 * Whose clients and servers are whose: a class of gateways may serve several applications. Weak, so that
 * nobody is kept by it.
 */
const owners = processSlot('websocket clients', () => new WeakMap<object, OpenHappening>());

/** The entries of hooks: one of a base class that is called by another's has no span of its own. */
const running = new WeakSet<Entry>();

/** From now on what happens to a client or a server has spans, by this. */
export function traceHappenings(clientOrServer: object, open: OpenHappening): void {
  owners.current.set(clientOrServer, open);
}

/** Puts stand-ins over the hooks of a class of gateways. */
export function placeHooks(prototype: object): () => void {
  const undo = Object.entries(HOOKS).flatMap(([name, happening]) => {
    const method: unknown = (prototype as Record<string, unknown>)[name];
    if (typeof method !== 'function') return [];
    observeWith(ENTRY_OBSERVER, method);
    return placeStandIn(prototype, name, (hook) =>
      followed(hook, codeName(prototype, name), happening),
    );
  });
  return () => undo.forEach((takeOut) => takeOut());
}

function followed(hook: AnyFunction, name: string, happening: Happening): AnyFunction {
  const gateway = name.slice(0, name.lastIndexOf('.'));
  return standIn(hook, (receiver, args) => {
    const call = (): unknown => Reflect.apply(hook, receiver, args);
    const [subject, detail] = args as unknown[];
    const open = isObject(subject) ? owners.current.get(subject) : undefined;
    const outer = Entry.current();
    if (open === undefined || (outer?.isOpen === true && running.has(outer))) return call();
    const attributes = happening === HOOKS.handleDisconnect ? reasonOf(detail) : {};
    const entry = guard('tracing a gateway', () => open(happening, gateway, attributes));
    if (entry === undefined) return call();
    entry.reached(name);
    running.add(entry);
    return follow(call, entry.context, endsOf(entry));
  });
}

/** Nobody waits for what a hook returns, nor listens to it. */
function endsOf(entry: Entry): ResultEnds {
  const settle = (): void => entry.settle();
  const failed = (error: unknown): void => {
    entry.threw(error);
    entry.settle();
  };
  return { done: settle, deferred: settle, left: settle, failed };
}

/** Socket.io says why in a word of its own, ws by the code of the close frame. */
function reasonOf(reason: unknown): Attributes {
  if (typeof reason === 'number') return { [ATTR_REASON]: String(reason) };
  return typeof reason === 'string' ? { [ATTR_REASON]: reason.slice(0, LONGEST_REASON) } : {};
}
