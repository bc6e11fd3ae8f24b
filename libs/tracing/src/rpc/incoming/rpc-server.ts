import { isObject } from '../../span/is-object.js';

/** A handler as a server keeps it: Nest's whole pipeline, from guards to filters. */
export interface RpcHandler {
  (...args: unknown[]): unknown;
  /** The next handler of the same event. */
  next?: RpcHandler | undefined;
}

/** Makes a packet of what came in. */
interface Deserializer {
  deserialize(raw: unknown, options?: unknown): unknown;
}

/** What is used of a server of Nest's. A strategy of the application's own may lack each of them. */
export interface RpcServer {
  readonly transportId?: unknown;
  /** The consumer group of Kafka. */
  readonly groupId?: unknown;
  readonly messageHandlers?: unknown;
  deserializer?: Deserializer;
  addHandler?(
    pattern: unknown,
    handler: RpcHandler,
    isEventHandler?: boolean,
    extras?: unknown,
  ): unknown;
  getHandlerByPattern?(pattern: string): RpcHandler | null;
}

/** What a deserializer makes of a message, as far as it is one of Nest's. */
export interface RpcPacket {
  readonly id?: unknown;
  readonly pattern?: unknown;
  readonly metadata?: unknown;
}

/** Whether an object is a server that handlers are added to. */
export function isRpcServer(
  target: unknown,
): target is RpcServer & Required<Pick<RpcServer, 'addHandler'>> {
  return isObject(target) && typeof (target as RpcServer).addHandler === 'function';
}
