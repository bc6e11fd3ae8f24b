import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { Logger } from 'nestjs-pino';

/**
 * Starts an application at `HOST` and `PORT`; it stops, and its last spans leave, on SIGTERM.
 *
 * @param messages where it gets messages as well, if it does
 */
export async function listen(
  module: Type,
  port: number,
  messages?: MicroserviceOptions,
): Promise<void> {
  const app = await NestFactory.create(module, { bufferLogs: true });
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.enableShutdownHooks();
  app.useWebSocketAdapter(new WsAdapter(app));
  if (messages !== undefined) {
    app.connectMicroservice(messages);
    await app.startAllMicroservices();
  }
  await app.listen(process.env['PORT'] ?? port, process.env['HOST'] ?? '127.0.0.1');
  logger.log(`listening on ${await app.getUrl()}`, 'Main');
}
