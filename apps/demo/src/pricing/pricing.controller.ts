import { Controller, Get, Param } from '@nestjs/common';
import { PricingService, type Amount } from './pricing.service.js';

@Controller()
export class PricingController {
  constructor(private readonly pricing: PricingService) {}

  @Get('prices/:key')
  price(@Param('key') key: string): Promise<Amount> {
    return this.pricing.price(key);
  }

  @Get('discounts/:key')
  discount(@Param('key') key: string): Promise<Amount> {
    return this.pricing.discount(key);
  }
}
