import type { AttributeMap, AttributeValue } from '../telemetry.interface.js';

const MAX_VALUE_CHARS = 48;
const NOISE =
  /^(code|thread|server|network)\.|^async\.(task\.(outcome|cancel\.reason)|group\.tasks\.)|^db\.(system\.name|namespace|operation\.name|collection\.name|query\.summary)$|^(context|pid|hostname|req|res|reqId|responseTime)$/;

/** One line of harmless text: no control characters, so that no sender steers the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}');
}

/** A span of time in the unit that reads best. */
export function duration(nanos: bigint): string {
  const millis = Number(nanos) / 1e6;
  if (millis < 1) return `${(millis * 1_000).toFixed(0)} µs`;
  return millis < 1_000 ? `${millis.toFixed(1)} ms` : `${(millis / 1_000).toFixed(2)} s`;
}

/** The first digits of an id, enough to tell it from others on the screen. */
export function shortId(id: string): string {
  return `${id.slice(0, 8)}…`;
}

/** The chosen attributes as `key=value`; without a choice, all but the well-known noise. */
export function attributesText(attributes: AttributeMap, chosen?: readonly string[]): string {
  return Object.entries(attributes)
    .filter(([key]) => (chosen ? chosen.includes(key) : !NOISE.test(key)))
    .map(([key, value]) => `${printable(key)}=${valueText(value)}`)
    .join(' ');
}

/** One attribute value, cut to a length that leaves the tree readable. */
export function valueText(value: AttributeValue): string {
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : text;
}

/** `1 span`, `2 spans`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
