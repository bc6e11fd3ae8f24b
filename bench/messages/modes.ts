/** What carries the messages. */
export const TRANSPORTS = ['TCP', 'NATS', 'RabbitMQ'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Who traces them. Contrib's instrumentations know RabbitMQ alone of these. */
export type Mode = 'bare' | 'nestjs-tracing' | 'sampled out' | 'contrib';

/** Returns the modes that can be compared over a transport. */
export function modesOf(transport: Transport): readonly Mode[] {
  const own = ['bare', 'nestjs-tracing', 'sampled out'] as const;
  return transport === 'RabbitMQ' ? [...own, 'contrib'] : own;
}

/** What a process is asked: to send so many messages and wait for their answers, or to end. */
export type Wish = { readonly messages: number } | 'stop';

/** What that took. */
export interface Turn {
  /** Processor time of the main thread, in microseconds a message, both its ends together. */
  readonly mainMicros: number;
}
