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

/** The same in the row of its span: `blocked for 412 ms at prices.ts:42`. */
export function blockedLabel(attributes: AttributeMap): string {
  const {
    'event_loop.blocked.duration_ms': millis,
    'code.file.path': file,
    'code.line.number': line,
  } = attributes;
  const what = `blocked for ${Math.round(numberOf(millis))} ms`;
  if (file === undefined) return what;
  const place = valueText(lastOf(file));
  return `${what} at ${place}${line === undefined ? '' : `:${valueText(line)}`}`;
}

/** The end of a path tells more than its begin. */
function lastOf(file: AttributeValue): string {
  const path = typeof file === 'string' ? file : valueText(file);
  return path.slice(-MAX_PATH_CHARS).split(/[\\/]/).at(-1) ?? '';
}
