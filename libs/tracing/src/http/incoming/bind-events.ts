import { EventEmitter } from 'node:events';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { runIn } from '../../context/run-in.js';

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

interface Emitter {
  emit: Emit;
  listenerCount(event: string | symbol): number;
}

/** Told of some events of a response, and their first argument, once their listeners have run. */
type ResponseListener = (event: 'pipe' | 'finish' | 'close', argument: unknown) => void;

const { emit: NODES } = EventEmitter.prototype as Emitter;

/**
 * Runs every listener of a request and its response in their span: Node emits their events in the
 * context of the connection, which many requests share. The instances' own `emit` is shadowed, because
 * a listener of ours could not set the context of the next one. One stand-in serves both.
 *
 * @param ctx the context to run listeners in
 * @param listener told of what is piped into the response and of its end
 */
export function bindEvents(
  request: object,
  response: object,
  ctx: Context,
  listener?: ResponseListener,
): void {
  const [requests, responses] = [(request as Emitter).emit, (response as Emitter).emit];
  const carried = standIn(requests, ctx, response, listener);
  shadow(request, carried);
  shadow(response, responses === requests ? carried : standIn(responses, ctx, response, listener));
}

/** As above, for many requests in one context. */
export class SharedContext {
  readonly context: Context;
  readonly #carried: Emit;

  constructor(ctx: Context) {
    this.context = ctx;
    this.#carried = standIn(NODES, ctx);
  }

  bindEvents(request: object, response: object): void {
    for (const emitter of [request, response]) {
      const { emit } = emitter as Emitter;
      shadow(emitter, emit === NODES ? this.#carried : standIn(emit, this.context));
    }
  }
}

/** Most events are for nobody: nothing is made for those, the list of their arguments neither. */
function standIn(emit: Emit, ctx: Context, response?: object, listener?: ResponseListener): Emit {
  const isNodes = emit === NODES;
  return function (this: Emitter, event, ...args) {
    try {
      if (isNodes && !isHeard(this, event)) return false;
      return context.active() === ctx
        ? emit.call(this, event, ...args)
        : emitIn(ctx, emit, this, event, ...args);
    } finally {
      if (listener !== undefined && this === response) tell(listener, event, ...args);
    }
  };
}

function emitIn(ctx: Context, emit: Emit, emitter: Emitter, ...args: Parameters<Emit>): boolean {
  return runIn(ctx, emit as (...args: never[]) => unknown, emitter, args) as boolean;
}

function tell(listener: ResponseListener, event: string | symbol, argument?: unknown): void {
  if (event === 'finish' || event === 'close' || event === 'pipe') listener(event, argument);
}

function shadow(emitter: object, value: Emit): void {
  Object.defineProperty(emitter, 'emit', { value, configurable: true, writable: true });
}

/** Most events of a request are for nobody. An error that is for nobody is thrown, or monitored. */
function isHeard(target: Emitter, event: string | symbol): boolean {
  return event === 'error' || target.listenerCount(event) > 0;
}
