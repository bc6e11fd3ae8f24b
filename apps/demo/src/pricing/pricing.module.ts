import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { TracingModule } from 'nestjs-tracing';
import { withTraceContext } from 'nestjs-tracing/pino';
import { StockController } from '../stock/stock.controller.js';
import { StockService } from '../stock/stock.service.js';
import { PricingController } from './pricing.controller.js';
import { PricingService } from './pricing.service.js';

/** Another service, which knows what things cost, by HTTP, and how many there are, by messages. */
@Module({
  imports: [
    TracingModule.forRoot({ serviceName: 'pricing-demo' }),
    LoggerModule.forRoot(withTraceContext({ pinoHttp: { quietReqLogger: true } })),
  ],
  controllers: [PricingController, StockController],
  providers: [PricingService, StockService],
})
export class PricingModule {}
