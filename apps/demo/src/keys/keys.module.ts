import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { KnownKey, ShardEntry } from '../database/shard-entry.entity.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([KnownKey, ShardEntry])],
  controllers: [KeysController],
  providers: [KeysService],
})
export class KeysModule {}
