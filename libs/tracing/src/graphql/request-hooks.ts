import { standIn } from '../decorators/stand-in.js';
import { guard } from '../span/guard.js';
import { shadowMethod } from '../span/results/own-method.js';
import type { RequestHooks } from './graphql-nodes.js';
import type { RequestEndHookContext, RequestHookContext } from './resolver-info.js';
import type { RunningOperations } from './running-operations.js';

/**
 * Has a driver tell of its requests. `@nestjs/graphql` has one place for a hook, which whoever comes last
 * takes; so what the driver calls is stood in for on this application's host, and hooks of others, set
 * before or after, are called as before.
 */
export function hearOfRequests(hooks: RequestHooks, operations: RunningOperations): () => void {
  const begin = (given: RequestHookContext): void =>
    guard('the start of a GraphQL request', () => operations.begin(given));
  const end = (given: RequestEndHookContext): void =>
    guard('the end of a GraphQL request', () => operations.end(given));
  const undo = [
    replace(hooks, 'hasRequestHooks', () => true),
    replace(hooks, 'onRequestStart', (original, [given]) => {
      begin(given as RequestHookContext);
      return original();
    }),
    replace(hooks, 'onRequestEnd', (original, [given]) => {
      end(given as RequestEndHookContext);
      return original();
    }),
  ];
  return () => undo.forEach((takeOut) => takeOut?.());
}

function replace(
  hooks: RequestHooks,
  key: keyof RequestHooks,
  call: (original: () => unknown, args: readonly unknown[]) => unknown,
): (() => void) | undefined {
  const method = hooks[key] as (...args: unknown[]) => unknown;
  return shadowMethod(
    hooks,
    key,
    standIn(method, (receiver, args) => call(() => Reflect.apply(method, receiver, args), args)),
  );
}
