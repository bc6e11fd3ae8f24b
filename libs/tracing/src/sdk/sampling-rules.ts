import type { Sampler } from '@opentelemetry/sdk-trace';
import type { SamplerSettings } from '../options/sampler.schema.js';
import { isShare } from './sampler.js';
import { SUBJECTS } from '../options/sampler.schema.js';
import type { RuleSettings } from '../tracer/sampling/sampling-rule.js';
import { SamplingRules } from '../tracer/sampling/sampling-rules.js';

/** How figures call what no rule is for. */
const OTHERS = 'default';

type Given = SamplerSettings | Sampler | undefined;

/**
 * The rules that options ask for. A ratio alone needs none: the sampler of it has nothing to keep account of,
 * and costs less.
 */
export function samplingRules(sampler: Given): SamplingRules | undefined {
  if (sampler === undefined || !isShare(sampler)) return undefined;
  const { ratio, rules, keepErrors } = sampler;
  if (rules.length === 0 && !keepErrors) return undefined;
  return new SamplingRules(
    rules.map((rule) => ruleSettings(rule, keepErrors)),
    { name: OTHERS, ratio, keepErrors },
  );
}

/** The rules that a sampler given by options consists of, if it does. */
export function rulesOf(sampler: Given): SamplerSettings['rules'] {
  return sampler !== undefined && isShare(sampler) ? sampler.rules : [];
}

function ruleSettings(rule: SamplerSettings['rules'][number], keepErrors: boolean): RuleSettings {
  const { method, ratio, override } = rule;
  const kind = SUBJECTS.find((each) => rule[each] !== undefined) ?? 'route';
  const pattern = rule[kind] ?? '';
  const what = method === undefined ? pattern : `${method} ${pattern}`;
  return {
    name: rule.name ?? `${kind} ${what}`,
    ratio,
    override,
    keepErrors: rule.keepErrors ?? keepErrors,
    subject: { kind, pattern, ...(method === undefined ? {} : { method }) },
  };
}
