import { context, defaultTextMapSetter, propagation } from '@opentelemetry/api';
import type { TextMapPropagator } from '@opentelemetry/api';
import { guard } from '../../span/guard.js';

/**
 * Appends the trace context of here to a statement, as `/*key='value',…*\/` in front of a closing
 * semicolon: keys sorted, keys and values percent-encoded, quotes escaped. A statement stays as it is
 * if nothing is to be said, as with an invalid context, or if its last comment says it already.
 *
 * @param propagator what writes the context. Default: the one that is registered
 * @see https://google.github.io/sqlcommenter/spec/
 */
export function withTraceComment(sql: string, propagator?: TextMapPropagator): string {
  const comment = guard('the propagator of sqlCommenter', () => commentOfHere(propagator));
  const end = endOf(sql);
  if (comment === undefined || comment === '' || hasContext(sql.slice(0, end))) return sql;
  return `${sql.slice(0, end)} /*${comment}*/${sql.slice(end)}`;
}

/** In front of closing semicolons and white space. */
function endOf(sql: string): number {
  let end = sql.length;
  while (end > 0 && (sql[end - 1] === ';' || sql.charCodeAt(end - 1) <= 32)) end -= 1;
  return end;
}

function hasContext(sql: string): boolean {
  return sql.endsWith('*/') && sql.slice(sql.lastIndexOf('/*')).includes('traceparent=');
}

function commentOfHere(propagator: TextMapPropagator | undefined): string {
  const carrier: Record<string, string> = {};
  if (propagator === undefined) propagation.inject(context.active(), carrier);
  else propagator.inject(context.active(), carrier, defaultTextMapSetter);
  return Object.entries(carrier)
    .map(([key, value]) => `${encode(key)}='${encode(String(value))}'`)
    .toSorted()
    .join(',');
}

/** The asterisk too, so that nothing closes the comment. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
