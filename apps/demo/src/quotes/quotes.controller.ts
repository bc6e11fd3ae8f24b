import { Controller, Get, Param } from '@nestjs/common';
import { QuotesService, type Quote } from './quotes.service.js';

@Controller('quotes')
export class QuotesController {
  constructor(private readonly quotes: QuotesService) {}

  @Get(':key')
  find(@Param('key') key: string): Promise<Quote> {
    return this.quotes.quote(key);
  }
}
