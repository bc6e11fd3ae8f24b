import type { ConnectionOptions } from 'bullmq';
import type * as z from 'zod';
import { text, valueOf } from '../validation/checks.js';

/**
 * How Redis is reached: a URL, options of ioredis, or a client that is there already.
 *
 * @example
 * ```ts
 * const connection: QueueConnection = { host: 'redis', port: 6379, password: process.env.REDIS_PASSWORD };
 * ```
 */
export type QueueConnection = string | ConnectionOptions;

/**
 * Which queue callers and hosts meet at. Both must write the same.
 *
 * @example
 * ```ts
 * const location: QueueLocation = { connection: 'redis://redis:6379', queue: 'images', prefix: 'shop' };
 * ```
 */
export interface QueueLocation {
  /**
   * A URL such as `redis://localhost:6379`, options of ioredis, or a client. It must be there; a
   * variable of the environment may not be, which is refused when the application starts.
   */
  readonly connection: QueueConnection | undefined;
  /** The name of the queue. Default: `offload`. */
  readonly queue?: string;
  /** What the keys in Redis start with. Default: `nestjs-tracing`. */
  readonly prefix?: string;
}

const NAME = 'write a name without a colon';

/** The checks of the parts of a location. */
export const locationChecks = {
  connection: valueOf<QueueConnection>(
    (value) => isRedisUrl(value) || (typeof value === 'object' && value !== null),
    'write a URL such as "redis://localhost:6379", { host, port }, or an ioredis client',
  ).transform((given): ConnectionOptions => (typeof given === 'string' ? { url: given } : given)),
  queue: valueOf<string>(
    (value) => typeof value === 'string' && /^[^:]+$/.test(value),
    NAME,
  ).default('offload'),
  prefix: text.default('nestjs-tracing'),
} as const;

/** The location with every default filled in. */
export type ResolvedLocation = {
  readonly [Part in keyof QueueLocation]-?: z.output<(typeof locationChecks)[Part]>;
};

/** Where Redis is, without credentials, for messages. */
export function describeConnection(connection: ConnectionOptions): string {
  const { options, ...own } = connection as Record<string, unknown>;
  const { url, host, port, path } = { ...own, ...(options as object | undefined) } as {
    readonly [key: string]: string | number | undefined;
  };
  if (typeof url === 'string') return `Redis at ${new URL(url).host}`;
  return `Redis at ${path ?? `${host ?? '127.0.0.1'}:${port ?? 6379}`}`;
}

function isRedisUrl(value: unknown): boolean {
  return (
    typeof value === 'string' && URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol)
  );
}
