import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { ShardEntry } from '../database/shard-entry.entity.js';
import { LookupController } from './lookup.controller.js';
import { LookupService } from './lookup.service.js';
import { ShardNetwork } from './shard-network.js';

@Module({
  imports: [TypeOrmModule.forFeature([ShardEntry]), AuditModule],
  controllers: [LookupController],
  providers: [LookupService, ShardNetwork],
  exports: [LookupService],
})
export class LookupModule {}
