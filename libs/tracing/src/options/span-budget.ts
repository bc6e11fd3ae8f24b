import type * as z from 'zod';
import { TracingConfigurationError } from '../configuration.error.js';
import { limit, limitOrNone } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type { SpanBudgetOptions } from './span-budget-options.interface.js';

/** So much of the queue one trace may fill: a loop ends its spans faster than any of them leaves. */
const SHARE_OF_QUEUE = 0.75;

export const spanBudgetSchema = switchable(
  optionSchema<SpanBudgetOptions>()({
    perTrace: limit.default(1000),
    hardLimit: limit
      .optional()
      .describe('three quarters of batch.maxQueueSize, at least spanBudget.perTrace'),
    collapseAfter: limit.default(20),
    maxErrors: limitOrNone.default(10),
  }),
);

type Checked = z.output<typeof spanBudgetSchema>;

/** The budget with every default filled in; undefined is off. */
export type ResolvedSpanBudget = Omit<NonNullable<Checked>, 'hardLimit'> & {
  readonly hardLimit: number;
};

/**
 * Fills in the limit that goes by the queue: one trace never drops what others have in it.
 *
 * @throws TracingConfigurationError if the limit of all spans is below that of automatic ones
 */
export function fittingBudget(
  budget: Checked,
  maxQueueSize: number,
): ResolvedSpanBudget | undefined {
  if (budget === undefined) return undefined;
  const { perTrace } = budget;
  const { hardLimit = Math.max(perTrace, Math.floor(SHARE_OF_QUEUE * maxQueueSize)) } = budget;
  if (hardLimit >= perTrace) return { ...budget, hardLimit };
  throw new TracingConfigurationError(
    'spanBudget.hardLimit',
    `${hardLimit} is less than spanBudget.perTrace, which is ${perTrace}: ` +
      'write a larger limit or a smaller budget',
  );
}
