import type { Entry } from '../../entry/entry.js';
import { isObject } from '../../span/is-object.js';
import { shadowMethod } from '../../span/results/own-method.js';
import type { AnyContext } from './message-carrier.js';
import { argument } from './message-carrier.js';

/** Whether what is not taken goes back to its queue. */
const ATTR_REQUEUE = 'async.message.requeue';

/** Says for each way to settle a message of AMQP which argument asks for it to go back, if there is one. */
const SETTLEMENTS = { ack: undefined, nack: 2, reject: 1 } as const;

/**
 * Notes on the span of a message of RabbitMQ when it is acknowledged by hand. The channel's methods have
 * stand-ins on that instance, which ends with its connection.
 */
export class Acknowledgements {
  readonly #entries = new WeakMap<object, Entry>();
  readonly #channels = new WeakSet();

  /** @param context Nest's, of the message */
  watch(context: unknown, entry: Entry): void {
    const ctx = context as AnyContext;
    const [message, channel] = [argument(ctx, 0), argument(ctx, 1)];
    if (!isObject(message) || !isObject(channel) || !entry.isOpen) return;
    this.#entries.set(message, entry);
    if (this.#channels.has(channel)) return;
    this.#channels.add(channel);
    for (const [name, requeueAt] of Object.entries(SETTLEMENTS)) {
      this.#watchMethod(channel, name, requeueAt);
    }
  }

  #watchMethod(channel: object, name: string, requeueAt: number | undefined): void {
    const method: unknown = Reflect.get(channel, name);
    if (typeof method !== 'function') return;
    const entries = this.#entries;
    shadowMethod(channel, name, function (this: unknown, ...args: unknown[]): unknown {
      const [message] = args;
      const entry = isObject(message) ? entries.get(message) : undefined;
      if (entry?.isOpen === true) {
        const requeue = requeueAt === undefined ? undefined : (args[requeueAt] ?? true) === true;
        entry.span?.addEvent(name, requeue === undefined ? {} : { [ATTR_REQUEUE]: requeue });
      }
      return Reflect.apply(method, this, args);
    });
  }
}
