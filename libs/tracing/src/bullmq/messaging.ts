import type { Attributes } from '@opentelemetry/api';

/**
 * Names of OpenTelemetry's messaging conventions. They are in development there, so they are written
 * here and not imported.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
export const MESSAGING = {
  system: 'messaging.system',
  destination: 'messaging.destination.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  messageId: 'messaging.message.id',
  batchCount: 'messaging.batch.message_count',
  clientId: 'messaging.client.id',
} as const;

/** Says for each operation of BullMQ which kind of messaging operation it is. */
const OPERATION_TYPES = {
  add: 'send',
  addBulk: 'send',
  addNode: 'send',
  process: 'process',
} as const;

/** An operation that has a span. */
export type QueueOperation = keyof typeof OPERATION_TYPES;

/** Whether an operation of BullMQ has a span. */
export function isQueueOperation(operation: string): operation is QueueOperation {
  return Object.hasOwn(OPERATION_TYPES, operation);
}

/** Returns the attributes that the span of an operation on a queue starts with. */
export function messagingAttributes(operation: QueueOperation, queue?: string): Attributes {
  return {
    [MESSAGING.system]: 'bullmq',
    ...(queue === undefined ? {} : { [MESSAGING.destination]: queue }),
    [MESSAGING.operationName]: operation,
    [MESSAGING.operationType]: OPERATION_TYPES[operation],
  };
}
