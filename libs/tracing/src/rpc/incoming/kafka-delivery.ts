import type { Attributes } from '@opentelemetry/api';
import { isObject } from '../../span/is-object.js';
import { MESSAGING } from '../conventions.js';
import { patternText } from '../pattern.js';
import type { Delivery } from './delivery.interface.js';
import { ATTR_ATTEMPT, ATTR_QUEUE_WAIT, ATTR_REDELIVERED } from './delivery.interface.js';
import type { AnyContext } from './message-carrier.js';
import { argument } from './message-carrier.js';
import { queueWait } from './queue-wait.js';
import type { RpcServer } from './rpc-server.js';

/** By these Nest's clients ask for a reply. */
const CORRELATION_ID = 'kafka_correlationId';
const REPLY_TOPIC = 'kafka_replyTopic';

/** What is used of a message of Kafka's. */
interface KafkaMessage {
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly timestamp?: unknown;
  readonly offset?: unknown;
}

/** More partitions than one consumer has. */
const MAX_PARTITIONS = 10_000;

/** Reads what Kafka tells of the messages of one consumer: no key and no value of them. */
export class KafkaDeliveries {
  readonly #server: RpcServer;
  /** The last message of each partition: they come in their order, so one that comes again is a retry. */
  readonly #last = new Map<string, { readonly offset: unknown; readonly attempt: number }>();

  constructor(server: RpcServer) {
    this.#server = server;
  }

  read(ctx: AnyContext): Delivery {
    const message: unknown = argument(ctx, 0);
    if (!isObject(message)) return { carrier: undefined };
    const { headers, timestamp, offset } = message as KafkaMessage;
    const [partition, topic] = [argument(ctx, 1), argument(ctx, 2)];
    const attributes = attributesOf(partition, offset, Number(timestamp));
    const { groupId } = this.#server;
    if (typeof groupId === 'string') attributes[MESSAGING.consumerGroup] = groupId;
    const attempt = this.#attemptOf(`${String(topic)}/${String(partition)}`, offset);
    if (attempt > 1)
      Object.assign(attributes, { [ATTR_REDELIVERED]: true, [ATTR_ATTEMPT]: attempt });
    return {
      carrier: headers,
      destination: typeof topic === 'string' ? patternText(topic) : undefined,
      isEvent: !isAsked(headers),
      attributes,
    };
  }

  #attemptOf(partition: string, offset: unknown): number {
    const last = this.#last.get(partition);
    const isAgain = offset !== undefined && last?.offset === offset;
    const attempt = isAgain ? last.attempt + 1 : 1;
    if (last === undefined && this.#last.size >= MAX_PARTITIONS) this.#last.clear();
    this.#last.set(partition, { offset, attempt });
    return attempt;
  }
}

function isAsked(headers: KafkaMessage['headers']): boolean {
  return Boolean(headers?.[CORRELATION_ID]) && Boolean(headers?.[REPLY_TOPIC]);
}

function attributesOf(partition: unknown, offset: unknown, timestamp: number): Attributes {
  const attributes: Attributes = {};
  if (typeof partition === 'number') attributes[MESSAGING.partition] = String(partition);
  const position = Number(offset);
  if (Number.isSafeInteger(position)) attributes[MESSAGING.kafkaOffset] = position;
  const wait = queueWait(timestamp);
  if (wait !== undefined) attributes[ATTR_QUEUE_WAIT] = wait;
  return attributes;
}
