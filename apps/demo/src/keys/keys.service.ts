import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Traced } from 'nestjs-tracing';
import { Repository } from 'typeorm';
import { KnownKey, ShardEntry } from '../database/shard-entry.entity.js';

/** Lists the keys with what the shards know about them: once with the N+1 problem, once cured. */
@Injectable()
export class KeysService {
  constructor(
    @InjectRepository(KnownKey) private readonly keys: Repository<KnownKey>,
    @InjectRepository(ShardEntry) private readonly entries: Repository<ShardEntry>,
  ) {}

  /** One query for the keys and one more for each of them: its span says so. */
  @Traced('list keys one by one')
  async listOneByOne(): Promise<KnownKey[]> {
    const keys = await this.keys.find({ order: { key: 'ASC' } });
    for (const known of keys) known.entries = await this.entries.findBy({ key: known.key });
    return keys;
  }

  /** The cure: one query, with a join. */
  @Traced('list keys')
  list(): Promise<KnownKey[]> {
    return this.keys.find({ relations: { entries: true }, order: { key: 'ASC' } });
  }
}
