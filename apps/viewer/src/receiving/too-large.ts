import { Refusal } from './refusal.error.js';

/** Says that a body is above its limit. */
export function tooLarge(maxBytes: number): Refusal {
  return new Refusal('too_large', `A body is over ${maxBytes} bytes: send less at once.`);
}
