import type { Attributes } from '@opentelemetry/api';
import * as z from 'zod';
import { MAX_TIMER_MILLIS } from '../with-deadline.js';
import { isPatterns } from './patterns.js';
import type { Patterns } from './patterns.js';

/** Accepts what a function says is a `T`. */
export function valueOf<T>(accepts: (value: unknown) => boolean, cure: string): z.ZodType<T, T> {
  return z.custom<T>(accepts, cure);
}

/** Accepts one of some texts. */
export function oneOf<const Texts extends readonly [string, ...string[]]>(...texts: Texts) {
  const quoted = texts.map((value) => `"${value}"`);
  const last = quoted.pop() as string;
  return z.enum(texts, `write ${quoted.join(', ')} or ${last}`);
}

export const flag = z.boolean('write true or false');

export const text = z
  .string('write a text')
  .min(1, 'write a text that is not empty, or leave it out');

/** A whole number, 0 or more. */
export const count = z.int('write a whole number').nonnegative('write a number, 0 or more');

/** A whole number above 0. */
export const positiveCount = z.int('write a whole number').positive('write a number above 0');

/** How many there may be at most; `Infinity` says that there is no limit. */
export const limit = valueOf<number>(
  (value) => value === Infinity || (Number.isInteger(value) && (value as number) > 0),
  'write a whole number above 0, or Infinity',
);

/** As `limit`, and there may be none. */
export const limitOrNone = valueOf<number>(
  (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
  'write a number, 0 or more, or Infinity',
);

const MILLIS = 'write a number of milliseconds, 0 or more';

const TOO_LONG = `write a number of milliseconds up to ${MAX_TIMER_MILLIS}, which is 24.8 days`;

/** A span of time, of whatever length. */
export const duration = z.number(MILLIS).nonnegative(MILLIS);

/** Milliseconds for a timer. */
export const millis = duration.max(MAX_TIMER_MILLIS, TOO_LONG);

/** Milliseconds for a timer, so many at least. */
export function millisFrom(least: number) {
  const cure = `write a number of milliseconds, ${least} or more`;
  return z.number(cure).min(least, cure).max(MAX_TIMER_MILLIS, TOO_LONG);
}

/** Milliseconds for a timer that comes again and again. */
export const interval = z
  .int('write a whole number of milliseconds')
  .positive('write a number of milliseconds above 0')
  .max(MAX_TIMER_MILLIS, TOO_LONG);

/** Milliseconds for a timer, or `Infinity` for none, which is undefined in the settings. */
export const timeout = z
  .custom<number>(
    (value) =>
      value === Infinity || (typeof value === 'number' && value >= 0 && value <= MAX_TIMER_MILLIS),
    `write a number of milliseconds from 0 to ${MAX_TIMER_MILLIS}, or Infinity`,
  )
  .transform((value): number | undefined => (value === Infinity ? undefined : value));

/** A part of a whole, from 0 to 1. */
export const share = z
  .number('write a number from 0 to 1')
  .min(0, 'write a number from 0 to 1')
  .max(1, 'write a number from 0 to 1');

/** Names to be compared as they are, and regular expressions. */
export const patterns = valueOf<Patterns>(
  isPatterns,
  'write a list of names and regular expressions',
);

/** A function, of whatever it is given. */
export function callback<F>(): z.ZodType<F, F> {
  return valueOf<F>((value) => typeof value === 'function', 'write a function');
}

/** An object that is no array. */
export function objectOf<T>(cure: string): z.ZodType<T, T> {
  return valueOf<T>(isObject, cure);
}

/** Attributes, in the form that the option documents. */
export function attributesOf<T = Attributes>(): z.ZodType<T, T> {
  return objectOf<T>('write an object of attributes');
}

export const signal = valueOf<AbortSignal>(
  (value) => value instanceof AbortSignal,
  'give an AbortSignal',
);

/** Whether a value is an object with these methods. */
export function hasMethods(value: unknown, ...methods: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return methods.every(
    (method) => typeof (value as Record<string, unknown>)[method] === 'function',
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
