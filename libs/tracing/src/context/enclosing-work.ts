import { AsyncLocalStorage } from 'node:async_hooks';
import { processSlot } from '../process-slot.js';

/** Has a signal, which may be made only when it is first asked for. */
export interface SignalSource {
  readonly signal: AbortSignal;
}

/** The structured work that code runs in. */
export interface EnclosingWork {
  /** The group or task that may call the work off; also the identity of the group. */
  readonly source: SignalSource;
  /** Which child of the group it is, where concurrency is limited. */
  readonly task?: object;
  /** The work that the group was opened in. */
  readonly outer?: EnclosingWork | undefined;
}

/** A store of its own and not a key of OpenTelemetry's context: groups also nest without an SDK. */
const works = processSlot(
  'enclosing work',
  () => new AsyncLocalStorage<EnclosingWork | undefined>(),
);

/** Returns the work that runs here, or undefined outside of any group and task. */
export function enclosingWork(): EnclosingWork | undefined {
  return works.current.getStore();
}

/** Returns the signal that calls off what runs here: that of the innermost group or task. */
export function enclosingSignal(): AbortSignal | undefined {
  return works.current.getStore()?.source.signal;
}

/**
 * Runs a function as part of some work; with undefined, outside of every group, so that the groups
 * around it do not cancel it.
 */
export function runEnclosed<T>(work: EnclosingWork | undefined, fn: () => T): T {
  return works.current.run(work, fn);
}

/** Makes some work the current one until the current AsyncResource's run is over. */
export function enterWork(work: EnclosingWork): void {
  if (works.current.getStore() !== work) works.current.enterWith(work);
}
