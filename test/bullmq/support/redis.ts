import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { REDIS } from '../../support/services.js';

/** Where callers and hosts of one test meet, apart from everybody else's. */
export interface Meeting {
  readonly connection: string;
  readonly prefix: string;
}

/** A place in Redis that nobody else uses. */
export function meeting(): Meeting {
  return {
    connection: `redis://${REDIS.host}:${REDIS.port}`,
    prefix: `nestjs-tracing-test-${randomUUID()}`,
  };
}

/** The keys below a prefix. */
export async function keysOf({ connection, prefix }: Meeting): Promise<string[]> {
  const redis = new Redis(connection);
  try {
    return await redis.keys(`${prefix}:*`);
  } finally {
    redis.disconnect();
  }
}

/** Leaves nothing behind in Redis. */
export async function clean(place: Meeting): Promise<void> {
  const redis = new Redis(place.connection);
  const keys = await redis.keys(`${place.prefix}:*`);
  for (let at = 0; at < keys.length; at += 1000) await redis.del(...keys.slice(at, at + 1000));
  redis.disconnect();
}
