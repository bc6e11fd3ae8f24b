import { isObject } from '../../../span/is-object.js';
import type { StandIns } from '../../stand-ins.js';
import { carriedFields } from '../carried-context.js';
import type { ClientShape } from '../client-shape.js';
import { aroundSerializer } from './serializer.js';

/** A message as kafkajs takes it. */
interface KafkaMessage {
  readonly headers?: unknown;
}

const MESSAGE_FIELDS = ['key', 'value', 'partition', 'timestamp'] as const;

/** Gives records of Kafka their headers, those of a batch each its own. */
export function carryInRecordHeaders(client: ClientShape, standIns: StandIns): void {
  aroundSerializer(client, standIns, (serialize) => {
    const message = serialize();
    return isThenable(message) ? Promise.resolve(message).then(withHeaders) : withHeaders(message);
  });
}

/** A copy: Nest's serializer answers with the very object that the application has sent. */
function withHeaders(message: unknown): unknown {
  if (!isObject(message)) return message;
  const { headers } = message as KafkaMessage;
  if (headers !== undefined && headers !== null && !isObject(headers)) return message;
  const fields = carriedFields(headers);
  if (fields === undefined) return message;
  const copy: Record<string, unknown> = { ...message };
  for (const field of MESSAGE_FIELDS) {
    if (field in message) copy[field] = (message as Record<string, unknown>)[field];
  }
  return { ...copy, headers: { ...headers, ...fields } };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof (value as { then?: unknown }).then === 'function';
}
