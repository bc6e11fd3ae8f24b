import { readGuarded } from '../span/outcome/read-guarded.js';

/** Long enough for a class, short enough for a span. */
const LONGEST_NAME = 256;

/** Returns the name of a message's class, or what to call it instead. */
export function messageName(message: unknown, otherwise: string): string {
  if (typeof message !== 'object' || message === null) return otherwise;
  const name = readGuarded(readGuarded(message, 'constructor'), 'name');
  if (typeof name !== 'string' || name === '' || name === 'Object') return otherwise;
  return name.slice(0, LONGEST_NAME);
}
