import type { ConnectionOptions } from 'bullmq';
import type { OptionCheck } from '../options/check-options.js';
import { TracingConfigurationError } from '../options/configuration.error.js';

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
  /** A URL such as `redis://localhost:6379`, options of ioredis, or a client. It must be there; a variable of the environment may not be, which is refused when the application starts. */
  readonly connection: QueueConnection | undefined;
  /** The name of the queue. Default: `offload`. */
  readonly queue?: string;
  /** What the keys in Redis start with. Default: `nestjs-tracing`. */
  readonly prefix?: string;
}

/** The location with every default filled in. */
export interface ResolvedLocation {
  readonly connection: ConnectionOptions;
  readonly queue: string;
  readonly prefix: string;
}

const name = (value: unknown): boolean => typeof value === 'string' && /^[^:]+$/.test(value);

/** What the parts of a location must be. */
export const LOCATION_CHECKS: Readonly<Record<keyof QueueLocation, OptionCheck>> = {
  connection: [
    (value) => isRedisUrl(value) || (typeof value === 'object' && value !== null),
    'write a URL such as "redis://localhost:6379", { host, port }, or an ioredis client',
  ],
  queue: [name, 'write a name without a colon'],
  prefix: [(value) => typeof value === 'string' && value !== '', 'write a text'],
};

/** The one place where the defaults of a location are merged. */
export function resolveLocation({ connection, queue, prefix }: QueueLocation): ResolvedLocation {
  if (connection === undefined) {
    throw new TracingConfigurationError('connection', LOCATION_CHECKS.connection[1]);
  }
  return {
    connection: typeof connection === 'string' ? { url: connection } : connection,
    queue: queue ?? 'offload',
    prefix: prefix ?? 'nestjs-tracing',
  };
}

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
