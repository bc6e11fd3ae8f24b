import { ROOT_CONTEXT, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import type { Context, Link, TextMapGetter } from '@opentelemetry/api';
import { W3cTraceState } from '../propagation/trace-state.js';
import { guard } from '../span/guard.js';
import { withNextSpan } from '../span/next-span.js';

/** Where the span of what comes in is to open. */
export interface RemoteParent {
  readonly parent: Context;
  readonly links: Link[];
}

/** Whose trace context and baggage are believed; a function answers for the caller at hand. */
export type CallerTrust = 'all' | 'none' | (() => boolean);

/** Of what comes without a trace context, or is not asked for one. */
export const NO_PARENT: RemoteParent = { parent: ROOT_CONTEXT, links: [] };

/** Every span of a trace holds it once more: beyond this a stranger could multiply what is exported. */
const MAX_TRACE_STATE = 512;

/**
 * Reads the caller's trace context and baggage. A caller that is not trusted is linked, no more: its
 * sampling flag and baggage are ignored. A trust function that throws trusts nobody. Only a caller that
 * a trust function trusts may send a `tracestate` of more than 512 characters.
 *
 * @param option names the trust option, should its function throw
 */
export function remoteParent<Carrier>(
  carrier: Carrier,
  getter: TextMapGetter<Carrier>,
  trust: CallerTrust,
  option: string,
): RemoteParent {
  const remote = guard('reading a trace context', () =>
    propagation.extract(ROOT_CONTEXT, carrier, getter),
  );
  if (remote === undefined || remote === ROOT_CONTEXT) return NO_PARENT;
  return trusts(trust, option)
    ? { parent: typeof trust === 'function' ? remote : withinBounds(remote), links: [] }
    : { parent: ROOT_CONTEXT, links: linksTo(withinBounds(remote)) };
}

/**
 * Makes what was to be a child the root of a trace of its own. It links to the caller, keeps its baggage,
 * and is sampled as the caller is if the sampler is the module's.
 */
export function linkedRoot(from: RemoteParent): RemoteParent {
  const { parent, links } = from;
  if (parent === ROOT_CONTEXT) return from;
  return { parent: asLinkedRoot(parent), links };
}

/**
 * Returns a context whose next span is the root of a trace of its own. It links to the span that was
 * active, and is sampled as that is if the sampler is the module's.
 */
export function asLinkedRoot(ctx: Context): Context {
  const origin = trace.getSpanContext(ctx);
  const root = trace.deleteSpan(ctx);
  if (origin === undefined) return root;
  const links = [{ context: origin }];
  return withNextSpan(root, { links, followsLinks: true, started: () => undefined });
}

function linksTo(remote: Context): Link[] {
  const context = trace.getSpanContext(remote);
  return context === undefined || !isSpanContextValid(context) ? [] : [{ context }];
}

function trusts(trust: CallerTrust, option: string): boolean {
  if (typeof trust !== 'function') return trust === 'all';
  return guard(option, trust) === true;
}

function withinBounds(remote: Context): Context {
  const caller = trace.getSpanContext(remote);
  const list = caller?.traceState?.serialize() ?? '';
  if (caller === undefined || list.length <= MAX_TRACE_STATE) return remote;
  const { traceState: _, ...bare } = caller;
  const traceState = W3cTraceState.parse(list)?.shortened();
  return trace.setSpanContext(remote, traceState === undefined ? bare : { ...bare, traceState });
}
