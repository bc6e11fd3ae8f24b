import { Transport, type ClientProvider, type MicroserviceOptions } from '@nestjs/microservices';

const { NATS_URL, AMQP_URL, STOCK_PORT = '3003' } = process.env;
const QUEUE = 'nestjs-tracing-demo-stock';

/** The way between the services, the same on both sides: NATS or RabbitMQ where there is one, else TCP. */
export const stockTransport: MicroserviceOptions & ClientProvider = transport();

function transport(): MicroserviceOptions & ClientProvider {
  if (NATS_URL) return { transport: Transport.NATS, options: { servers: [NATS_URL] } };
  if (AMQP_URL) return { transport: Transport.RMQ, options: { urls: [AMQP_URL], queue: QUEUE } };
  return { transport: Transport.TCP, options: { host: '127.0.0.1', port: Number(STOCK_PORT) } };
}
