import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { SpanAttribute, Traced } from 'nestjs-tracing';
import { DataSource, EntityManager, QueryFailedError } from 'typeorm';
import { KnownKey, ShardEntry } from '../database/shard-entry.entity.js';
import { deliveryFor, type Delivered } from './delivery.js';

const UNIQUE_VIOLATION = '23505';

/** How much of a delivery was taken. */
export interface Import {
  readonly key: string;
  readonly taken: number;
  readonly refused: number;
}

/** Replaces what the shards know about a key: all at once or not at all, but for what came twice. */
@Injectable()
export class ImportsService {
  readonly #logger = new Logger(ImportsService.name);

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Traced('import')
  import(@SpanAttribute('request.key') key: string): Promise<Import> {
    return this.dataSource.transaction((manager) => this.#replace(manager, key));
  }

  async #replace(manager: EntityManager, key: string): Promise<Import> {
    await manager.upsert(KnownKey, { key }, ['key']);
    await manager.delete(ShardEntry, { key });
    const delivery = deliveryFor(key);
    let taken = 0;
    for (const delivered of delivery) if (await this.#take(manager, delivered)) taken += 1;
    return { key, taken, refused: delivery.length - taken };
  }

  /** In a savepoint: what is refused leaves the transaction around it as it was. */
  async #take(manager: EntityManager, delivered: Delivered): Promise<boolean> {
    try {
      await manager.transaction((savepoint) => savepoint.insert(ShardEntry, delivered));
      return true;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      this.#logger.warn({ shard: delivered.shard }, 'entry refused: it came twice');
      return false;
    }
  }
}

function isDuplicate(error: unknown): boolean {
  const { code } = error instanceof QueryFailedError ? error.driverError : {};
  return code === UNIQUE_VIOLATION;
}
