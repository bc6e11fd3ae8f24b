import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { PricingClient } from './pricing-client.js';
import { QuotesController } from './quotes.controller.js';
import { QuotesService } from './quotes.service.js';

@Module({
  imports: [HttpModule.register({})],
  controllers: [QuotesController],
  providers: [QuotesService, PricingClient],
})
export class QuotesModule {}
