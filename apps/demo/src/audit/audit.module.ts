import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditRow } from '../database/audit-row.entity.js';
import { DetachedModule } from '../detached/detached.module.js';
import { AuditService } from './audit.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([AuditRow]), DetachedModule],
  providers: [AuditService],
  exports: [AuditService],
})
export class AuditModule {}
