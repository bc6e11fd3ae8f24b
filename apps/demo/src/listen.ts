import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';

/** Starts an application at `HOST` and `PORT`; it stops, and its last spans leave, on SIGTERM. */
export async function listen(module: Type, port: number): Promise<void> {
  const app = await NestFactory.create(module, { bufferLogs: true });
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.enableShutdownHooks();
  await app.listen(process.env['PORT'] ?? port, process.env['HOST'] ?? '127.0.0.1');
  logger.log(`listening on ${await app.getUrl()}`, 'Main');
}
