import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ShardUnavailableException } from './shard-unavailable.exception.js';

const HOP_MILLIS = 25;
const REFUSAL_MILLIS = 4;
/** So slow that the refusal comes first, however busy the event loop is. */
const SLOW_HOP_MILLIS = 2_000;
const BROKEN = { key: 'broken', shard: 1 };

/**
 * The way to the shards. All of them are in one database here, so this stands in for the hop to each.
 *
 * Asked for the key `broken`, shard 1 refuses, so that a failure can be watched: the exception is
 * thrown in the midst of that shard's work, while its siblings are still on their way.
 */
@Injectable()
export class ShardNetwork {
  readonly #logger = new Logger(ShardNetwork.name);

  /** @throws ShardUnavailableException if the shard refuses */
  async reach(shard: number, key: string, signal: AbortSignal): Promise<void> {
    const isRefused = key === BROKEN.key && shard === BROKEN.shard;
    const hopMillis = key === BROKEN.key ? SLOW_HOP_MILLIS : HOP_MILLIS;
    await setTimeout(isRefused ? REFUSAL_MILLIS : hopMillis, undefined, { signal });
    if (!isRefused) return;
    this.#logger.warn({ shard }, 'shard refused');
    throw new ShardUnavailableException(shard);
  }
}
