import { MetadataScanner } from '@nestjs/core';
import { codeName } from '../decorators/code-name.js';
import { prepareHandlers } from '../entry/handlers.js';
import type { HandlerOwner } from '../entry/handlers.js';
import { namespaceOf } from './client-facts.js';
import { eventName } from './conventions.js';
import { placeHooks } from './gateway-hooks.js';

/** Where `@WebSocketGateway()` leaves its mark, and its options. */
const GATEWAY_METADATA = 'websockets:is_gateway';
const OPTIONS_METADATA = 'websockets:gateway_options';
/** Where `@SubscribeMessage()` leaves its mark, and the event. */
const HANDLER_METADATA = 'websockets:message_mapping';
const MESSAGE_METADATA = 'message';

/** What a gateway's method handles. */
interface GatewayHandler {
  readonly message: unknown;
  readonly codeName: string;
}

/** A class of gateways. */
interface Gateway {
  readonly name: string;
  readonly namespace: unknown;
  readonly handlers: readonly GatewayHandler[];
  readonly hasConnect: boolean;
}

/** What is known of the gateway that a client's messages are bound to; there may be several alike. */
export interface FoundGateway {
  /** The name of its class, if it is the only one. */
  readonly name: string | undefined;
  /** Whether it is told of connections. */
  readonly hasConnect: boolean;
  /** Returns the method that handles the event at this place of its list. */
  codeName(index: number): string | undefined;
}

type GatewayClass = new (...args: never[]) => object;

/** An application's gateways. */
export class Gateways {
  readonly #gateways: readonly Gateway[];
  readonly #takeOut: (() => void)[];

  /** Finds them, and puts stand-ins over their methods. Nest must not have looked at them yet. */
  constructor(providers: readonly HandlerOwner[]) {
    const owners = providers.filter(({ metatype }) => isGateway(metatype));
    const classes = [...new Set(owners.map(({ metatype }) => metatype as GatewayClass))];
    this.#gateways = classes.map((metatype) => describe(metatype));
    const isHandler = (method: object) => Reflect.hasMetadata(HANDLER_METADATA, method);
    this.#takeOut = [
      prepareHandlers(owners, isHandler),
      ...classes.map(({ prototype }) => placeHooks(prototype as object)),
    ];
  }

  /** How many classes there are. */
  get count(): number {
    return this.#gateways.length;
  }

  /** The events that they handle, by their names. */
  get events(): string[] {
    return this.#gateways.flatMap(({ handlers }) =>
      handlers.map(({ message }) => eventName(message)),
    );
  }

  /** Finds the gateway that has these events, in this order, for a client. */
  find(client: object, messages: readonly unknown[]): FoundGateway {
    const namespace = namespaceOf(client);
    const found = this.#gateways.filter(
      (gateway) => hasEvents(gateway, messages) && isFor(gateway, namespace),
    );
    return {
      name: only(found.map(({ name }) => name)),
      hasConnect: found.some(({ hasConnect }) => hasConnect),
      codeName: (index) => only(found.map(({ handlers }) => handlers[index]?.codeName)),
    };
  }

  /** Takes the stand-ins out. */
  stop(): void {
    for (const takeOut of this.#takeOut.splice(0)) takeOut();
  }
}

function isGateway(metatype: unknown): boolean {
  return typeof metatype === 'function' && Reflect.hasMetadata(GATEWAY_METADATA, metatype);
}

function describe(metatype: GatewayClass): Gateway {
  const prototype = metatype.prototype as Record<string, object>;
  const options = (Reflect.getMetadata(OPTIONS_METADATA, metatype) ?? {}) as object;
  const handlers = new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => ({ name, method: prototype[name] as object }))
    .filter(({ method }) => Reflect.hasMetadata(HANDLER_METADATA, method))
    .map(({ name, method }) => ({
      message: Reflect.getMetadata(MESSAGE_METADATA, method) as unknown,
      codeName: codeName(prototype, name),
    }));
  const { namespace } = options as { namespace?: unknown };
  return { name: metatype.name, namespace, handlers, hasConnect: 'handleConnection' in prototype };
}

function hasEvents({ handlers }: Gateway, messages: readonly unknown[]): boolean {
  return (
    handlers.length === messages.length &&
    handlers.every(({ message }, index) => message === messages[index])
  );
}

/** A namespace may be a pattern, or a function that decides for itself; not every client has one. */
function isFor({ namespace }: Gateway, actual: string | undefined): boolean {
  if (actual === undefined) return true;
  if (namespace instanceof RegExp) return actual.search(namespace) >= 0;
  if (typeof namespace === 'function') return true;
  const name = typeof namespace === 'string' ? namespace : '';
  return actual === (name.startsWith('/') ? name : `/${name}`);
}

function only<T>(values: readonly T[]): T | undefined {
  const different = new Set(values);
  return different.size === 1 ? values[0] : undefined;
}
