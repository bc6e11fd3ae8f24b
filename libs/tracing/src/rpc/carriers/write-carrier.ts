import { defaultTextMapSetter, propagation } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { carrierNames } from './read-carrier.js';

/** The fields of a propagator, by name. */
export type CarrierFields = Readonly<Record<string, string>>;

/**
 * Returns what a context has to say to the other side, or undefined if that is nothing.
 *
 * @param given what the message has for headers already. A field that is there stays as it is, and where
 * it says a trace of its own, ours is left out as a whole.
 */
export function fieldsFor(ctx: Context, given?: unknown): CarrierFields | undefined {
  const fields: Record<string, string> = {};
  propagation.inject(ctx, fields, defaultTextMapSetter);
  if (given !== undefined) leaveOut(fields, given);
  return isEmpty(fields) ? undefined : fields;
}

function leaveOut(fields: Record<string, string>, given: unknown): void {
  const names = new Set(carrierNames(given).map((name) => name.toLowerCase()));
  if (names.size === 0) return;
  const hasTrace = [...names].some((name) => name !== 'baggage' && isField(name));
  for (const name of Object.keys(fields)) {
    if (names.has(name.toLowerCase()) || (hasTrace && name !== 'baggage')) {
      Reflect.deleteProperty(fields, name);
    }
  }
}

function isField(name: string): boolean {
  return name === 'traceparent' || name === 'tracestate' || propagation.fields().includes(name);
}

function isEmpty(fields: object): boolean {
  for (const _ in fields) return false;
  return true;
}
