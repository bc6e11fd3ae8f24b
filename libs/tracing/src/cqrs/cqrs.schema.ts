import type * as z from 'zod';
import { oneOf } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type { CqrsOptions } from './cqrs-options.interface.js';

export const cqrsSchema = switchable(
  optionSchema<CqrsOptions>()({ events: oneOf('child', 'link').default('child') }),
);

/** The options of CQRS with every default filled in; undefined is off. */
export type ResolvedCqrsOptions = z.output<typeof cqrsSchema>;
