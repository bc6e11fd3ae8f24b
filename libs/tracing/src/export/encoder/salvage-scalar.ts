import type { HrTime, SpanContext, SpanStatus, TraceState } from '@opentelemetry/api';

/** The longest name, message or trace state that is kept whole. */
const MAX_TEXT_LENGTH = 4_096;

/** What a read gives, or the fallback where it throws. */
export function attempt<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}

/** The text that is read, a number as text; what is something else or cannot be read is empty. */
export function salvageText(read: () => unknown): string {
  const value = attempt(read, '');
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : '';
}

/** The number that is read, else 0. */
export function salvageNumber(read: () => unknown): number {
  const value = attempt(read, 0);
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The time that is read, else none. */
export function salvageTime(read: () => HrTime): HrTime {
  return [salvageNumber(() => read()[0]), salvageNumber(() => read()[1])];
}

/** The status that is read, else an unset one. */
export function salvageStatus(read: () => SpanStatus): SpanStatus {
  const message = attempt(() => read().message, undefined);
  const code = salvageNumber(() => read().code);
  return message ? { code, message: salvageText(() => message) } : { code };
}

/** The span context that is read, with the ids that could be read. */
export function salvageContext(read: () => SpanContext): SpanContext {
  const state = salvageText(() => read().traceState?.serialize() ?? '');
  return {
    traceId: salvageText(() => read().traceId),
    spanId: salvageText(() => read().spanId),
    traceFlags: salvageNumber(() => read().traceFlags),
    isRemote: attempt(() => read().isRemote === true, false),
    ...(state ? { traceState: { serialize: () => state } as TraceState } : {}),
  };
}
