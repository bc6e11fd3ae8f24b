import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditRow } from '../database/audit-row.entity.js';
import { AuditService } from './audit.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([AuditRow])],
  providers: [AuditService],
  exports: [AuditService],
})
export class AuditModule {}
