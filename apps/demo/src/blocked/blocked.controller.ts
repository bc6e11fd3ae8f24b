import { Controller, Get, Param } from '@nestjs/common';
import { BlockedService, type Digest } from './blocked.service.js';

@Controller()
export class BlockedController {
  constructor(private readonly digests: BlockedService) {}

  /** Blocks the event loop on purpose: the watchdog says where. */
  @Get('blocked/:key')
  block(@Param('key') key: string): Promise<Digest> {
    return this.digests.onTheLoop(key);
  }

  @Get('freed/:key')
  free(@Param('key') key: string): Promise<Digest> {
    return this.digests.onAThread(key);
  }
}
