import { Controller, Get, Param } from '@nestjs/common';
import { SealService, type Seal } from './seal.service.js';

@Controller('seal')
export class SealController {
  constructor(private readonly seals: SealService) {}

  @Get(':key')
  find(@Param('key') key: string): Promise<Seal> {
    return this.seals.seal(key);
  }
}
