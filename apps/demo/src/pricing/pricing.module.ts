import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { TracingModule } from 'nestjs-tracing';
import { withTraceContext } from 'nestjs-tracing/pino';
import { PricingController } from './pricing.controller.js';
import { PricingService } from './pricing.service.js';

/** Another service, which knows what things cost. */
@Module({
  imports: [
    TracingModule.forRoot({ serviceName: 'pricing-demo' }),
    LoggerModule.forRoot(withTraceContext({ pinoHttp: { quietReqLogger: true } })),
  ],
  controllers: [PricingController],
  providers: [PricingService],
})
export class PricingModule {}
