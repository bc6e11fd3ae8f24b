import { Controller, Param, Post } from '@nestjs/common';
import { ImportsService, type Import } from './imports.service.js';

@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post(':key')
  import(@Param('key') key: string): Promise<Import> {
    return this.imports.import(key);
  }
}
