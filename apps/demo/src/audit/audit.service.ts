import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { AuditRow } from '../database/audit-row.entity.js';
import { DetachedWork } from '../detached/detached-work.js';

/** Remembers who asked for what, after the answer has gone out. */
@Injectable()
export class AuditService {
  readonly #logger = new Logger(AuditService.name);

  constructor(
    @InjectRepository(AuditRow) private readonly rows: Repository<AuditRow>,
    private readonly detached: DetachedWork,
  ) {}

  write(key: string, hits: number): void {
    this.detached.start('audit', { 'audit.key': key }, async () => {
      await this.rows.insert({ key, hits });
      this.#logger.log({ key }, 'audit row written');
    });
  }
}
