import { Controller, Get } from '@nestjs/common';
import type { KnownKey } from '../database/shard-entry.entity.js';
import { KeysService } from './keys.service.js';

@Controller('keys')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Get()
  list(): Promise<KnownKey[]> {
    return this.keys.list();
  }

  @Get('one-by-one')
  listOneByOne(): Promise<KnownKey[]> {
    return this.keys.listOneByOne();
  }
}
