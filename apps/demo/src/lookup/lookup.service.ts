import { Injectable, Logger, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SpanAttribute, Traced } from 'nestjs-tracing';
import { Repository } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { ShardEntry } from '../database/shard-entry.entity.js';

const SHARDS = [0, 1, 2];

/** What the shards know about a key. */
export interface Lookup {
  readonly key: string;
  readonly values: readonly string[];
}

/** Asks every shard for a key at the same time. */
@Injectable()
export class LookupService {
  readonly #logger = new Logger(LookupService.name);

  constructor(
    @InjectRepository(ShardEntry) private readonly entries: Repository<ShardEntry>,
    private readonly audits: AuditService,
  ) {}

  /** @throws NotFoundException if no shard knows the key */
  @Traced('handle')
  async handle(@SpanAttribute('request.key') key: string): Promise<Lookup> {
    const found = await Promise.all(SHARDS.map((shard) => this.queryShard(shard, key)));
    const values = found.flatMap((entries) => entries.map(({ value }) => value));
    this.audits.write(key, values.length);
    this.#logger.log({ key, hits: values.length }, 'shards answered');
    if (values.length === 0) throw new NotFoundException(`No shard knows the key "${key}".`);
    return { key, values };
  }

  @Traced('query_shard')
  async queryShard(@SpanAttribute('db.shard') shard: number, key: string): Promise<ShardEntry[]> {
    const entries = await this.entries.findBy({ shard, key });
    this.#logger.log({ shard, rows: entries.length }, 'shard queried');
    return entries;
  }
}
