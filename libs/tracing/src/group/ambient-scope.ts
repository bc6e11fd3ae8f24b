import { AsyncLocalStorage } from 'node:async_hooks';

/** What has a signal, which may be made only when it is first asked for. */
export interface SignalSource {
  readonly signal: AbortSignal;
}

/** The structured work that code runs in. */
export interface TaskScope {
  /** The group or task that may call the work off; also the identity of the group. */
  readonly source: SignalSource;
  /** Which child of the group it is, where concurrency is limited. */
  readonly task?: object;
  /** The scope that the group was opened in. */
  readonly outer?: TaskScope | undefined;
}

/** A store of its own and not a key of OpenTelemetry's context: groups also nest without an SDK. */
const scopes = new AsyncLocalStorage<TaskScope | undefined>();

/** The scope of here, or undefined outside of any group and task. */
export function ambientScope(): TaskScope | undefined {
  return scopes.getStore();
}

/** The signal that calls off the work of here: that of the innermost group or task. */
export function ambientSignal(): AbortSignal | undefined {
  return scopes.getStore()?.source.signal;
}

/**
 * Runs a function in a scope; with undefined, outside of every group, for work that the groups
 * around it are not to cancel.
 */
export function inScope<T>(scope: TaskScope | undefined, fn: () => T): T {
  return scopes.run(scope, fn);
}

/** Makes a scope the current one until the current AsyncResource's scope is left. */
export function enterScope(scope: TaskScope): void {
  if (scopes.getStore() !== scope) scopes.enterWith(scope);
}
