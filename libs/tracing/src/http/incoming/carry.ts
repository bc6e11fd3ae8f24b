import { EventEmitter } from 'node:events';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

interface Emitter {
  emit: Emit;
  listenerCount(event: string | symbol): number;
}

/**
 * Runs every listener of a request or response in its span: Node emits their events in the context
 * of the connection, which many requests share. The instance's own `emit` is shadowed, because a
 * listener of ours could not set the context of the next one.
 *
 * @param scope the context to run listeners in
 * @param after told of each event once its listeners have run
 */
export function carry(
  emitter: object,
  scope: Context,
  after?: (event: string | symbol) => void,
): void {
  const target = emitter as Emitter;
  const { emit } = target;
  const isNodes = emit === EventEmitter.prototype.emit;
  const carried: Emit = function (this: unknown, ...args) {
    try {
      return (isNodes && !isHeard(target, args[0])) || context.active() === scope
        ? Reflect.apply(emit, this, args)
        : context.with(scope, apply, undefined, emit, this, args);
    } finally {
      after?.(args[0]);
    }
  };
  Object.defineProperty(target, 'emit', { value: carried, configurable: true, writable: true });
}

/** Most events of a request are for nobody. An error that is for nobody is thrown, or monitored. */
function isHeard(target: Emitter, event: string | symbol): boolean {
  return event === 'error' || target.listenerCount(event) > 0;
}

function apply(emit: Emit, emitter: unknown, args: Parameters<Emit>): boolean {
  return Reflect.apply(emit, emitter, args);
}
