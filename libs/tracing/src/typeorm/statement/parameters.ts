import type { Attributes } from '@opentelemetry/api';
import { runtime } from '../../span/runtime.js';
import { guard } from '../../span/guard.js';

/**
 * Returns `db.query.parameter.<key>` of a statement: by index from 0, or by name; each value as text within
 * the module's limits. Binary values say their length alone.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/#db-query-parameter
 */
export function statementParameterAttributes(parameters: unknown): Attributes {
  if (typeof parameters !== 'object' || parameters === null) return {};
  const { count, valueLength } = runtime().attributeLimits;
  const attributes: Attributes = {};
  for (const [key, value] of Object.entries(parameters).slice(0, count)) {
    const text = guard('writing a parameter', () => textOf(value)) ?? '';
    attributes[`db.query.parameter.${key}`] = text.slice(0, valueLength);
  }
  return attributes;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value) ?? '';
  return String(value);
}
