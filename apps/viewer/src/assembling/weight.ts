import type {
  AttributeMap,
  AttributeValue,
  ReceivedLog,
  ReceivedSpan,
} from '../telemetry.interface.js';

const RECORD_BYTES = 600;
const VALUE_BYTES = 48;

/** An estimate of the memory that a span holds, in bytes. */
export function weightOfSpan(span: ReceivedSpan): number {
  const { name, statusMessage = '', attributes, events, links } = span;
  let sum = RECORD_BYTES + name.length + statusMessage.length + weightOfMap(attributes);
  for (const event of events) {
    sum += RECORD_BYTES / 2 + event.name.length + weightOfMap(event.attributes);
  }
  for (const link of links) sum += RECORD_BYTES / 2 + weightOfMap(link.attributes);
  return sum;
}

/** An estimate of the memory that a log line holds, in bytes. */
export function weightOfLog({ message, severity, attributes }: ReceivedLog): number {
  return RECORD_BYTES + message.length + severity.length + weightOf(attributes);
}

// Values are only as deep as the receivers let them be.
function weightOf(value: AttributeValue): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  if (Array.isArray(value))
    return value.reduce<number>((sum, item) => sum + weightOf(item), VALUE_BYTES);
  return weightOfMap(value);
}

function weightOfMap(map: AttributeMap): number {
  let sum = VALUE_BYTES;
  for (const key in map) sum += key.length + VALUE_BYTES + weightOf(map[key]!);
  return sum;
}
