import { ServerKafka } from '@nestjs/microservices';
import type { KafkaOptions } from '@nestjs/microservices';

/** What kafkajs hands to a consumer. */
export interface KafkaDelivery {
  readonly topic: string;
  readonly partition: number;
  readonly message: {
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly timestamp: string;
    readonly offset: string;
    readonly headers: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
  };
}

/** What is sent back. */
export interface KafkaReply {
  readonly topic: string;
  readonly messages: readonly {
    readonly value: unknown;
    readonly headers: Record<string, Buffer>;
  }[];
}

export type Handle = (payload: KafkaDelivery & { heartbeat(): Promise<void> }) => Promise<void>;

/**
 * Nest's own server for Kafka, with a client of kafkajs's shape in place of kafkajs: it proves what we do
 * with Nest's server, and nothing of the wire.
 */
export class StandInKafka extends ServerKafka {
  readonly replies: KafkaReply[] = [];
  #handle: Handle | undefined;
  #offset = 0;

  constructor() {
    const options: KafkaOptions['options'] = { consumer: { groupId: 'orders' } };
    super(options!);
  }

  override createClient<T>(): Promise<T> {
    const connected = { on: () => undefined, events: {}, connect: settled, disconnect: settled };
    const consumer = {
      ...connected,
      subscribe: settled,
      run: ({ eachMessage }: { eachMessage: Handle }) => {
        this.#handle = eachMessage;
        return settled();
      },
    };
    this.prepare(consumer);
    const producer = {
      ...connected,
      send: (reply: KafkaReply) => {
        this.replies.push(reply);
        return settled();
      },
    };
    return Promise.resolve({ consumer: () => consumer, producer: () => producer } as T);
  }

  /** Told of the consumer before it runs. */
  prepare(_consumer: { run: (options: { eachMessage: Handle }) => Promise<void> }): void {}

  /** Hands one message to the consumer, as kafkajs does. */
  async deliver(
    topic: string,
    value: unknown,
    headers: KafkaDelivery['message']['headers'] = {},
    { offset = String((this.#offset += 1)), timestamp = String(Date.now()) } = {},
  ): Promise<void> {
    const key = Buffer.from('ada@example.org');
    const bytes = value === null ? null : Buffer.from(JSON.stringify(value));
    const message = { key, value: bytes, timestamp, offset, headers };
    await this.#handle?.({ topic, partition: 3, message, heartbeat: settled });
  }
}

function settled(): Promise<void> {
  return Promise.resolve();
}
