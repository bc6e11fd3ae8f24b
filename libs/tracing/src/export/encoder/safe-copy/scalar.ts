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
export function copyText(read: () => unknown): string {
  const value = attempt(read, '');
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : '';
}

/** The number that is read, else 0. */
export function copyNumber(read: () => unknown): number {
  const value = attempt(read, 0);
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The time that is read, else none. */
export function copyTime(read: () => HrTime): HrTime {
  return [copyNumber(() => read()[0]), copyNumber(() => read()[1])];
}

/** The status that is read, else an unset one. */
export function copyStatus(read: () => SpanStatus): SpanStatus {
  const message = attempt(() => read().message, undefined);
  const code = copyNumber(() => read().code);
  return message ? { code, message: copyText(() => message) } : { code };
}

/** The span context that is read, with the ids that could be read. */
export function copyContext(read: () => SpanContext): SpanContext {
  const state = copyText(() => read().traceState?.serialize() ?? '');
  return {
    traceId: copyText(() => read().traceId),
    spanId: copyText(() => read().spanId),
    traceFlags: copyNumber(() => read().traceFlags),
    isRemote: attempt(() => read().isRemote === true, false),
    ...(state ? { traceState: { serialize: () => state } as TraceState } : {}),
  };
}
