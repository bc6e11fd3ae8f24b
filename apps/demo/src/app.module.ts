import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { TracingModule } from 'nestjs-tracing';
import { withTraceContext } from 'nestjs-tracing/pino';
import { BlockedModule } from './blocked/blocked.module.js';
import { DatabaseModule } from './database/database.module.js';
import { GraphModule } from './graph/graph.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LiveModule } from './live/live.module.js';
import { LookupModule } from './lookup/lookup.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { ProfileModule } from './profile/profile.module.js';
import { QuotesModule } from './quotes/quotes.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { offloadOptions } from './seal/offload.options.js';
import { SealModule } from './seal/seal.module.js';

/** A lookup service whose every request is one trace. */
@Module({
  imports: [
    TracingModule.forRoot({
      serviceName: 'lookup-demo',
      offload: offloadOptions,
      autoTrace: process.env['AUTO_TRACE'] === '1',
    }),
    LoggerModule.forRoot(withTraceContext({ pinoHttp: { quietReqLogger: true } })),
    DatabaseModule,
    LookupModule,
    ProfileModule,
    SealModule,
    BlockedModule,
    ImportsModule,
    KeysModule,
    ReportsModule,
    QuotesModule,
    OrdersModule,
    LiveModule,
    GraphModule,
  ],
})
export class AppModule {}
