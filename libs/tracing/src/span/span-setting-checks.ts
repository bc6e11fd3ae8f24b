import type { Link, SpanKind } from '@opentelemetry/api';
import { callback, flag, valueOf } from '../validation/checks.js';
import type { ErrorPolicy } from './error-policy.js';

/** What the settings of any span must be, see `SpanSettings`. */
export const spanSettingChecks = {
  kind: valueOf<SpanKind>(isSpanKind, 'write a SpanKind, such as SpanKind.CLIENT')
    .optional()
    .describe('`SpanKind.INTERNAL`'),
  links: valueOf<readonly Link[]>(
    isLinks,
    'write an array of links, such as [{ context }]',
  ).optional(),
  root: flag.default(false),
  errors: callback<ErrorPolicy>().optional().describe("the module's"),
} as const;

function isSpanKind(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 4;
}

function isLinks(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((link: Partial<Link> | null) => isSpanContext(link?.context))
  );
}

function isSpanContext(value: unknown): boolean {
  return typeof (value as { traceId?: unknown } | null | undefined)?.traceId === 'string';
}
