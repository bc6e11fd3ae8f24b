import { Module } from '@nestjs/common';
import { LookupModule } from '../lookup/lookup.module.js';
import { LiveController } from './live.controller.js';
import { LiveGateway } from './live.gateway.js';

@Module({
  imports: [LookupModule],
  controllers: [LiveController],
  providers: [LiveGateway],
})
export class LiveModule {}
