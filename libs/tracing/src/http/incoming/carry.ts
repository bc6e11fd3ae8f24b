import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

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
  const target = emitter as { emit: Emit };
  const emit = target.emit;
  const carried: Emit = function (this: unknown, ...args) {
    try {
      return context.active() === scope
        ? Reflect.apply(emit, this, args)
        : context.with(scope, apply, undefined, emit, this, args);
    } finally {
      after?.(args[0]);
    }
  };
  Object.defineProperty(target, 'emit', { value: carried, configurable: true, writable: true });
}

function apply(emit: Emit, emitter: unknown, args: Parameters<Emit>): boolean {
  return Reflect.apply(emit, emitter, args);
}
