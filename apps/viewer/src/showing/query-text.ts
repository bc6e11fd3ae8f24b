import type { AttributeMap } from '../telemetry.interface.js';
import { duration, numberOf, valueText } from './text.js';

const NANOS_PER_MILLI = 1e6;

/** The mark of a slow statement: `◦ slow query: 302.3 ms`. */
export function slowQueryText(attributes: AttributeMap): string {
  const nanos = numberOf(numberOf(attributes['typeorm.query.duration_ms']) * NANOS_PER_MILLI);
  return `◦ slow query: ${duration(BigInt(Math.round(nanos)))}`;
}

/** The mark of an N+1: `◦ repeated query: 5 × SELECT "users"`. */
export function repeatedQueryText(attributes: AttributeMap): string {
  const { 'typeorm.query.count': count, 'db.query.summary': summary = '' } = attributes;
  return `◦ repeated query: ${numberOf(count)} × ${valueText(summary)}`;
}
