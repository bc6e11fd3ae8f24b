import type { Sampler } from '@opentelemetry/sdk-trace';
import * as z from 'zod';
import { flag, hasMethods, oneOf, share, text } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import type { SamplerOptions, SamplingRuleOptions } from './sampler-options.interface.js';

/** What a rule may be for. */
export const SUBJECTS = ['route', 'pattern', 'grpc', 'graphql', 'event', 'cron'] as const;

const ruleFields = optionSchema<SamplingRuleOptions>()({
  route: text.startsWith('/', 'begin with a slash, as in "/orders/:id"').optional(),
  method: z
    .string('write a method of HTTP, such as "POST"')
    .regex(/^[A-Z]+$/, 'write a method of HTTP in capitals, such as "POST"')
    .optional(),
  pattern: text.optional(),
  grpc: text.regex(/[/*]/, 'write package.Service/Method, as in "shop.Orders/Find"').optional(),
  graphql: oneOf('query', 'mutation', 'subscription').optional(),
  event: text.optional(),
  cron: text.optional(),
  ratio: share,
  override: flag.default(false),
  keepErrors: flag.optional(),
  name: text.optional(),
});

const rule = ruleFields.check(({ value, issues }) => {
  const cure = ruleFault(value);
  if (cure !== undefined) issues.push({ code: 'custom', message: cure, input: value });
});

const rules = z.array(rule, 'write a list of rules') as unknown as z.ZodType<
  readonly z.output<typeof ruleFields>[],
  readonly SamplingRuleOptions[]
>;

const sharing = optionSchema<SamplerOptions>()({
  ratio: share.default(1),
  rules: rules.default([]),
  keepErrors: flag.default(false),
});

/** The shares of traces that the option asks for. */
export type SamplerSettings = z.output<typeof sharing>;

const sampler = z.unknown().transform((value, context): unknown => {
  if (hasMethods(value, 'shouldSample')) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue('write { ratio: 0.1 } with a number from 0 to 1, or a Sampler');
    return z.NEVER;
  }
  const { data, error } = sharing.safeParse(value);
  for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: undefined });
  return data;
});

/** A sampler, or which share of which traces is kept. */
export const samplerSchema = Object.assign(sampler, {
  shape: sharing.shape,
}) as unknown as z.ZodType<Sampler | SamplerSettings, Sampler | SamplerOptions>;

function ruleFault(given: z.output<typeof ruleFields>): string | undefined {
  const named = SUBJECTS.filter((subject) => given[subject] !== undefined);
  if (named.length !== 1) return `say what it is for: exactly one of ${SUBJECTS.join(', ')}`;
  return given.method !== undefined && given.route === undefined
    ? 'leave "method" out, or say of which route'
    : undefined;
}
