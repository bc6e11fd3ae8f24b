import { Injectable, Logger, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SpanAttribute, Traced, TracingService, type TaskContext } from 'nestjs-tracing';
import { Repository } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { ShardEntry } from '../database/shard-entry.entity.js';
import { ShardNetwork } from './shard-network.js';

const SHARDS = [0, 1, 2];

/** What the shards know about a key. */
export interface Lookup {
  readonly key: string;
  readonly values: readonly string[];
}

/** Asks every shard for a key at the same time; if one fails, the others are called off. */
@Injectable()
export class LookupService {
  readonly #logger = new Logger(LookupService.name);

  constructor(
    @InjectRepository(ShardEntry) private readonly entries: Repository<ShardEntry>,
    private readonly network: ShardNetwork,
    private readonly audits: AuditService,
    private readonly tracing: TracingService,
  ) {}

  /**
   * @throws NotFoundException if no shard knows the key
   * @throws ShardUnavailableException if a shard refuses
   */
  @Traced('handle')
  async handle(@SpanAttribute('request.key') key: string): Promise<Lookup> {
    const found = await this.tracing.map('query shards', SHARDS, this.queryShard.bind(this, key));
    const values = found.flatMap((entries) => entries.map(({ value }) => value));
    void this.audits.write(key, values.length);
    this.#logger.log({ key, hits: values.length }, 'shards answered');
    if (values.length === 0) throw new NotFoundException(`No shard knows the key "${key}".`);
    return { key, values };
  }

  /** One task of the map, whose span is named after this method. */
  private async queryShard(
    key: string,
    shard: number,
    { signal, span }: TaskContext,
  ): Promise<ShardEntry[]> {
    span.setAttribute('db.shard', shard);
    await this.network.reach(shard, key, signal);
    const entries = await this.entries.findBy({ shard, key });
    // TypeORM takes no signal: what was called off during the query stops here.
    signal.throwIfAborted();
    this.#logger.log({ shard, rows: entries.length }, 'shard queried');
    return entries;
  }
}
