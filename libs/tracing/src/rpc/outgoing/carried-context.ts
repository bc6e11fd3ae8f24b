import { context, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { contextKey } from '../../context-key.js';
import { guard } from '../../span/guard.js';
import { leftOutContext } from '../../span/left-out.js';
import { fieldsFor } from '../carriers/write-carrier.js';
import type { CarrierFields } from '../carriers/write-carrier.js';

/** Names the context that a message is to carry, where it is not the active one; null for none. */
const CARRIED = contextKey('rpc carried context');

/** Returns a context in which messages carry another one, or none. */
export function carrying(active: Context, carried: Context | null): Context {
  return active.setValue(CARRIED, carried);
}

/**
 * Returns what the message that is being sent has to carry, or undefined if that is nothing.
 *
 * @param given what it has for headers already
 */
export function carriedFields(given?: unknown): CarrierFields | undefined {
  const active = context.active();
  const carried = active.getValue(CARRIED) as Context | null | undefined;
  if (carried === null) return undefined;
  return guard('carrying a trace context', () => fieldsFor(asSent(carried ?? active), given));
}

/** A message that begins a trace which is left out has had no span: it says so to whoever handles it. */
function asSent(ctx: Context): Context {
  return trace.getSpan(ctx) === undefined ? (leftOutContext(ctx) ?? ctx) : ctx;
}
