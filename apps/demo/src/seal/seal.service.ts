import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SpanAttribute, Traced, TracingService } from 'nestjs-tracing';
import { Repository } from 'typeorm';
import { ShardEntry } from '../database/shard-entry.entity.js';
import { seal } from './seal.task.js';

/** Proof of what was stored about a key. */
export interface Seal {
  readonly key: string;
  readonly seal: string;
}

/** Has the seal computed on another thread: this one goes on answering. */
@Injectable()
export class SealService {
  constructor(
    @InjectRepository(ShardEntry) private readonly entries: Repository<ShardEntry>,
    private readonly tracing: TracingService,
  ) {}

  /** @throws NotFoundException if nothing is stored about the key */
  @Traced('seal entries')
  async seal(@SpanAttribute('request.key') key: string): Promise<Seal> {
    const entries = await this.entries.find({ where: { key }, order: { shard: 'ASC' } });
    if (entries.length === 0) throw new NotFoundException(`Nothing is stored about "${key}".`);
    const values = entries.map(({ value }) => value);
    return { key, seal: await this.tracing.offload(seal, { key, values }) };
  }
}
