import { diag } from '@opentelemetry/api';
import type { AnyValue, Attributes, HrTime, Link } from '@opentelemetry/api';
import type { SpanLimits, TimedEvent } from '@opentelemetry/sdk-trace';
import { ILLEGAL, legalValue, simpleValue, usableLength } from './attributes/attribute-value.js';

type Limits = Required<SpanLimits>;

interface CleanAttributes {
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

/** An event with its attributes made legal and kept within their limits. */
export function timedEvent(
  name: string,
  time: HrTime,
  attributes: Attributes | undefined,
  limits: Limits,
): TimedEvent {
  return {
    name,
    time,
    ...clean(attributes, limits.attributePerEventCountLimit, limits, simpleValue),
  };
}

/** A link with its attributes made legal and kept within their limits. */
export function cleanLink({ context, attributes }: Link, limits: Limits): Link {
  return { context, ...clean(attributes, limits.attributePerLinkCountLimit, limits, legalValue) };
}

function clean(
  attributes: Attributes | undefined,
  maxCount: number,
  limits: Limits,
  legal: (value: unknown, limit: number) => AnyValue | typeof ILLEGAL,
): CleanAttributes {
  if (typeof attributes !== 'object' || (attributes as unknown) === null) return {};
  const length = usableLength(limits.attributeValueLengthLimit);
  const kept: Attributes = {};
  let [count, dropped] = [0, 0];
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const entry = count < maxCount ? cleanEntry(key, value, length, legal) : ILLEGAL;
    if (entry === ILLEGAL) {
      dropped += 1;
      continue;
    }
    kept[key] = entry;
    count += 1;
  }
  return { attributes: kept, droppedAttributesCount: dropped };
}

function cleanEntry(
  key: string,
  value: unknown,
  length: number,
  legal: (value: unknown, limit: number) => AnyValue | typeof ILLEGAL,
): AnyValue | typeof ILLEGAL {
  if (key.length === 0) {
    diag.warn(`Invalid attribute key: ${key}`);
    return ILLEGAL;
  }
  const entry = legal(value, length);
  if (entry === ILLEGAL) diag.warn(`Invalid attribute value set for key: ${key}`);
  return entry;
}
