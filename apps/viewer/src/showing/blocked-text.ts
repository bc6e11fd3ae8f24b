import type { AttributeMap, AttributeValue } from '../telemetry.interface.js';
import { numberOf, valueText } from './text.js';

const MAX_PATH_CHARS = 200;

/** The mark of a blocked event loop: `◦ blocked the event loop: 412 ms (js) at priceOf (prices.ts:42)`. */
export function blockedText(attributes: AttributeMap): string {
  const {
    'event_loop.blocked.duration_ms': millis,
    'event_loop.blocked.cause': cause = 'unknown',
    'code.function.name': name = '<anonymous>',
    'code.file.path': file,
    'code.line.number': line = '?',
  } = attributes;
  const what = `◦ blocked the event loop: ${numberOf(millis)} ms (${valueText(cause)})`;
  return file === undefined
    ? what
    : `${what} at ${valueText(name)} (${valueText(lastOf(file))}:${valueText(line)})`;
}

/** The same in the row of its span, the place first: `prices.ts:42 blocked 412 ms`. */
export function blockedLabel(attributes: AttributeMap, spanName: string): string {
  const what = `blocked ${Math.round(numberOf(attributes['event_loop.blocked.duration_ms']))} ms`;
  return `${blockedPlace(attributes, spanName)} ${what}`.trimStart();
}

/**
 * What blocked, in as few signs as tell it: `priceOf prices.ts:42`; empty if the sender does not know.
 *
 * @param known a name that stands beside it already.
 */
export function blockedPlace(attributes: AttributeMap, known = ''): string {
  const {
    'code.function.name': name,
    'code.file.path': file,
    'code.line.number': line,
  } = attributes;
  const isTold = name === undefined || name === known || name === `async ${known}`;
  const called = isTold ? '' : valueText(name);
  if (file === undefined) return called;
  const at = line === undefined ? '' : `:${valueText(line)}`;
  return `${called} ${valueText(lastOf(file))}${at}`.trimStart();
}

/** The end of a path tells more than its begin. */
function lastOf(file: AttributeValue): string {
  const path = typeof file === 'string' ? file : valueText(file);
  return path.slice(-MAX_PATH_CHARS).split(/[\\/]/).at(-1) ?? '';
}
