import type { PlainPairs, PlainValue } from '../../../src/wire/span-detail.interface.js';

/** Signs that would hide, reorder or overwrite text: shown by what they are. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of anybody as text for the page: control signs and those that turn its direction are named. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (sign) => `⟨${sign.codePointAt(0)!.toString(16).padStart(2, '0')}⟩`);
}

/** The same in one line, cut to a length. */
export function oneLine(text: string, length = 300): string {
  const cut = text.length > length ? `${text.slice(0, length)}…` : text;
  return visible(cut.replace(/[\n\r\t]/g, ' '));
}

/** A value of an attribute as text. */
export function valueText(value: PlainValue): string {
  if (typeof value === 'string') return visible(value);
  if (value === null || typeof value !== 'object') return String(value);
  return visible(JSON.stringify(plain(value), null, isList(value) ? 0 : 2));
}

/** Pairs become an object without a prototype, so that no key is special. */
function plain(value: PlainValue, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth > 20) return '…';
  if (isList(value)) return value.map((each) => plain(each, depth + 1));
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, each] of value.pairs) object[key] = plain(each, depth + 1);
  return object;
}

function isList(value: readonly PlainValue[] | PlainPairs): value is readonly PlainValue[] {
  return Array.isArray(value);
}
