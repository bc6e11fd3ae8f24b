import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { TracingService, type TaskGroup } from 'nestjs-tracing';
import { Repository } from 'typeorm';
import { AuditRow } from '../database/audit-row.entity.js';
import { ShardEntry } from '../database/shard-entry.entity.js';

/** What is stored about a key, and who asked for it. */
export interface Profile {
  readonly key: string;
  readonly values: readonly string[];
  readonly audits: number;
  readonly lastAudit: Date | null;
}

/** Gathers unlike things at the same time: they succeed together or not at all. */
@Injectable()
export class ProfileService {
  readonly #logger = new Logger(ProfileService.name);

  constructor(
    @InjectRepository(ShardEntry) private readonly entries: Repository<ShardEntry>,
    @InjectRepository(AuditRow) private readonly audits: Repository<AuditRow>,
    private readonly tracing: TracingService,
  ) {}

  load(key: string): Promise<Profile> {
    const attributes = { 'request.key': key };
    return this.tracing.group('load profile', { attributes }, (group) => this.#gather(group, key));
  }

  async #gather(group: TaskGroup, key: string): Promise<Profile> {
    const entries = group.spawn('load entries', () => this.entries.findBy({ key }));
    const audits = group.spawn('count audits', () => this.audits.countBy({ key }));
    const last = group.spawn('find last audit', () => this.#lastAudit(key));
    const values = (await entries).map(({ value }) => value);
    const profile = { key, values, audits: await audits, lastAudit: await last };
    this.#logger.log({ key, values: values.length }, 'profile loaded');
    return profile;
  }

  async #lastAudit(key: string): Promise<Date | null> {
    const row = await this.audits.findOne({ where: { key }, order: { id: 'DESC' } });
    return row?.writtenAt ?? null;
  }
}
