import { Module } from '@nestjs/common';
import { TracingModule } from 'nestjs-tracing';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';

@Module({
  imports: [TracingModule.forRoot({ serviceName: 'shop' })],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class AppModule {}
