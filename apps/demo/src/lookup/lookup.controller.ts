import { Controller, Get, Param } from '@nestjs/common';
import { LookupService, type Lookup } from './lookup.service.js';

@Controller('lookup')
export class LookupController {
  constructor(private readonly lookups: LookupService) {}

  @Get(':key')
  find(@Param('key') key: string): Promise<Lookup> {
    return this.lookups.handle(key);
  }
}
