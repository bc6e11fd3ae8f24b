import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditRow } from '../database/audit-row.entity.js';
import { ShardEntry } from '../database/shard-entry.entity.js';
import { ProfileController } from './profile.controller.js';
import { ProfileService } from './profile.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ShardEntry, AuditRow])],
  controllers: [ProfileController],
  providers: [ProfileService],
})
export class ProfileModule {}
