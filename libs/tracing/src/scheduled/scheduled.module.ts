import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduledExplorer } from './scheduled.explorer.js';

/** Finds scheduled methods and event handlers of the whole application. */
@Module({
  imports: [DiscoveryModule],
  providers: [ScheduledExplorer],
  exports: [ScheduledExplorer],
})
export class TracingScheduledModule {}
