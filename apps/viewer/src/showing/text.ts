import type { AttributeMap, AttributeValue } from '../telemetry.interface.js';

const MAX_VALUE_CHARS = 48;
const MAX_ATTRIBUTES = 40;
const NOISE =
  /^(code|thread|server|network)\.|^async\.(task\.(outcome|cancel\.reason)|group\.tasks\.)|^db\.(system\.name|namespace|operation\.name|collection\.name|query\.summary)$|^(context|pid|hostname|req|res|reqId|responseTime|stack)$/;

/** Longer texts (names, messages) are cut to this. */
export const MAX_TEXT_CHARS = 1_000;

/** One line of harmless text: no control characters, so that no sender steers the terminal. */
export function printable(text: string, maxChars = MAX_TEXT_CHARS): string {
  const isLong = text.length > maxChars;
  const shown = isLong
    ? text
        .slice(0, maxChars)
        .toWellFormed()
        .replace(/\ufffd$/, '')
    : text;
  const harmless = shown.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\u{fffd}');
  return isLong ? `${harmless}…` : harmless;
}

/** A span of time in the unit that reads best; one that ends before it starts is negative. */
export function duration(nanos: bigint): string {
  if (nanos < 0n) return `-${duration(-nanos)}`;
  const millis = Number(nanos) / 1e6;
  if (millis < 1) return `${(millis * 1_000).toFixed(0)} µs`;
  return millis < 1_000 ? `${millis.toFixed(1)} ms` : `${(millis / 1_000).toFixed(2)} s`;
}

/** The first digits of an id, enough to tell it from others on the screen. */
export function shortId(id: string): string {
  return printable(id, 8).replace(/…?$/, '…');
}

/** The chosen attributes as `key=value`; without a choice, all but the well-known noise. */
export function attributesText(attributes: AttributeMap, chosen?: readonly string[]): string {
  const keys = Object.keys(attributes).filter((key) =>
    chosen ? chosen.includes(key) : !NOISE.test(key),
  );
  const texts = keys
    .slice(0, MAX_ATTRIBUTES)
    .map((key) => `${printable(key)}=${valueText(attributes[key]!)}`);
  const rest = keys.length - texts.length;
  return [...texts, ...(rest > 0 ? [`… ${rest} more`] : [])].join(' ');
}

/** One attribute value, cut to a length that leaves the tree readable. */
export function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return printable(value, MAX_VALUE_CHARS);
  const plain = typeof value === 'number' ? rounded(value) : value;
  return printable(JSON.stringify(plain), MAX_VALUE_CHARS);
}

/** As many digits as somebody reads. */
function rounded(value: number): number {
  if (Number.isInteger(value)) return value;
  return Math.abs(value) < 1 ? Number(value.toPrecision(4)) : Math.round(value * 1e3) / 1e3;
}

/** A number that a sender gave as a number or, as 64-bit integers come, as text; else 0. */
export function numberOf(value: AttributeValue | undefined): number {
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

/** `1 span`, `2 spans`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `2 spans, 1 log line`, without what there is none of. */
export function counts(...each: readonly (readonly [number: number, noun: string])[]): string {
  const some = each.filter(([number]) => number > 0);
  return some.map(([number, noun]) => count(number, noun)).join(', ');
}
