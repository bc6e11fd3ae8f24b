import type * as z from 'zod';
import { duration, flag, valueOf } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type { AutoTraceOptions, AutoTraceSelector } from './auto-trace-options.interface.js';

const selectors = valueOf<readonly AutoTraceSelector[]>(
  (value) => Array.isArray(value) && value.every(isSelector),
  'write a list of classes, modules, tokens and patterns such as /^OrdersService\\./',
);

export const autoTraceSchema = switchable(
  optionSchema<AutoTraceOptions>()({
    include: selectors.optional().describe('the application’s own providers and controllers'),
    exclude: selectors.default([]),
    enhancers: flag.default(false),
    minDurationMillis: duration.default(0),
  }),
);

/** The options of automatic spans with every default filled in; undefined is off. */
export type ResolvedAutoTraceOptions = z.output<typeof autoTraceSchema>;

/** The options where it is on. */
export type AutoTraceSettings = NonNullable<ResolvedAutoTraceOptions>;

function isSelector(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'function' || typeof value === 'symbol' || value instanceof RegExp;
}
