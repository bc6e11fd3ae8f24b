import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ShardEntry } from '../database/shard-entry.entity.js';
import { SealController } from './seal.controller.js';
import { SealService } from './seal.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ShardEntry])],
  controllers: [SealController],
  providers: [SealService],
})
export class SealModule {}
