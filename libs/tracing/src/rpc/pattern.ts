import { isObject } from '../span/is-object.js';

/** Longer ones are cut: a pattern may hold whatever the application, or a stranger, puts there. */
const MAX_LENGTH = 256;
/** The bounds within which Nest itself looks into a pattern. */
const MAX_DEPTH = 5;
const MAX_KEYS = 20;

/**
 * Returns a pattern in Nest's normal form, cut to 256 characters: a text or number as it is, an object
 * as JSON with its keys in order, a regular expression as its source.
 *
 * @example
 * ```ts
 * patternText({ cmd: 'sum' }); // {"cmd":"sum"}
 * ```
 */
export function patternText(pattern: unknown): string {
  if (typeof pattern === 'string') return cut(pattern);
  if (pattern instanceof RegExp || !isObject(pattern)) return cut(String(pattern));
  return cut(objectText(pattern, 0, MAX_LENGTH));
}

/** Whoever is longer than what is left is cut in the end, so no more than that is looked at. */
function objectText(pattern: object, depth: number, left: number): string {
  if (depth > MAX_DEPTH) return '[MAX_DEPTH_REACHED]';
  const keys = Object.keys(pattern);
  if (keys.length > MAX_KEYS) return '[TOO_MANY_KEYS]';
  let text = '{';
  for (const key of keys.toSorted((a, b) => a.localeCompare(b))) {
    if (text.length > left) break;
    const value = (pattern as Record<string, unknown>)[key];
    text += `${text === '{' ? '' : ','}"${escaped(key)}":`;
    text += valueText(value, depth + 1, left - text.length);
  }
  return `${text}}`;
}

function valueText(value: unknown, depth: number, left: number): string {
  if (typeof value === 'string') return `"${escaped(value)}"`;
  return isObject(value) ? objectText(value, depth, left) : String(value);
}

function escaped(text: string): string {
  return cut(text)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`);
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text;
}
