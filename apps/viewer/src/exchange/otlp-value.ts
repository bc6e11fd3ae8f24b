import {
  SENT_TYPES,
  type AttributeMap,
  type AttributeValue,
  type SentType,
} from '../telemetry.interface.js';

/** Attributes as the OTLP JSON encoding has them. */
export function otlpAttributes(attributes: AttributeMap): object[] {
  const types = attributes[SENT_TYPES];
  return Object.keys(attributes).map((key) => ({
    key,
    value: otlpValue(attributes[key]!, types?.[key]),
  }));
}

// Values are only as deep as the receivers let them be.
function otlpValue(value: AttributeValue, type?: SentType): object {
  if (value === null) return {};
  if (typeof value === 'string') return { [type ?? 'stringValue']: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return otlpNumber(value, type === 'doubleValue');
  if (!Array.isArray(value)) return { kvlistValue: { values: otlpAttributes(value) } };
  // A list is of one type: what stands beside a fraction is a double, too.
  const isDouble = value.some((item) => typeof item === 'number' && !Number.isSafeInteger(item));
  const itemType = isDouble ? 'doubleValue' : undefined;
  return {
    arrayValue: {
      values: value.map((item) => otlpValue(item, typeof item === 'number' ? itemType : undefined)),
    },
  };
}

function otlpNumber(value: number, isDouble: boolean): object {
  if (!isDouble && Number.isSafeInteger(value)) return { intValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}
