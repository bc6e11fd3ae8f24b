import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Detached, SpanAttribute } from 'nestjs-tracing';
import { Repository } from 'typeorm';
import { AuditRow } from '../database/audit-row.entity.js';

/** Remembers who asked for what, after the answer has gone out. */
@Injectable()
export class AuditService {
  readonly #logger = new Logger(AuditService.name);

  constructor(@InjectRepository(AuditRow) private readonly rows: Repository<AuditRow>) {}

  @Detached('audit')
  async write(@SpanAttribute('audit.key') key: string, hits: number): Promise<void> {
    await this.rows.insert({ key, hits });
    this.#logger.log({ key }, 'audit row written');
  }
}
