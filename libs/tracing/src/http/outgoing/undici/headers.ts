import { propagation } from '@opentelemetry/api';
import { isTraceField } from '../foreign-client-spans.js';

/** A request of undici as far as its headers go: names and values in turn, one text before version 6. */
export interface UndiciHeaders {
  readonly headers: string | string[];
  addHeader(name: string, value: string): void;
}

/** Returns a header of a request; of several the last. */
export function headerOf({ headers }: UndiciHeaders, name: string): string | undefined {
  const list = Array.isArray(headers) ? headers : pairs(headers).flat();
  for (let at = list.length - 2; at >= 0; at -= 2) {
    if (isCalled(list[at], name)) return list[at + 1];
  }
  return undefined;
}

/**
 * Whether the last headers of a request are those of a propagator: undici appends what subscribers
 * add, and `fetch` has headers of its own after those of the application.
 */
export function endsWithTrace({ headers }: UndiciHeaders): boolean {
  const fields = new Set(['traceparent', 'tracestate', 'baggage', ...propagation.fields()]);
  const others = pairs(headers).findLastIndex(([name]) => !fields.has(name.toLowerCase()));
  return pairs(headers)
    .slice(others + 1)
    .some(([name]) => isTraceField(name.toLowerCase()));
}

/** Adds a header. undici appends: one that the application has written itself would be there twice. */
export function setHeader(request: UndiciHeaders, name: string, value: string): void {
  const { headers } = request;
  if (Array.isArray(headers)) {
    for (let at = headers.length - 2; at >= 0; at -= 2) {
      if (isCalled(headers[at], name)) headers.splice(at, 2);
    }
  }
  request.addHeader(name, value);
}

/** Lengths are compared first, for every header of every request is asked. */
function isCalled(header: string | undefined, name: string): boolean {
  return header?.length === name.length && header.toLowerCase() === name;
}

function pairs(headers: string | string[]): [name: string, value: string][] {
  if (typeof headers === 'string') return headers.split('\r\n').map(split);
  return Array.from({ length: headers.length / 2 }, (_, n) => [
    String(headers[2 * n]),
    String(headers[2 * n + 1]),
  ]);
}

function split(line: string): [name: string, value: string] {
  const [name = '', value = ''] = line.split(':', 2);
  return [name.trim(), value.trim()];
}
