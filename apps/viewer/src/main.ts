import 'reflect-metadata';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readOptions, USAGE, type ViewerOptions } from './options.js';
import { GrpcReceiver } from './receiving/grpc-receiver.js';
import { HttpReceiver } from './receiving/http-receiver.js';
import { LogLines } from './receiving/log-lines.js';
import { ParentProcess } from './showing/parent-process.js';
import { TracePrinter } from './showing/trace-printer.js';
import { ViewerModule } from './viewer.module.js';

/** How long an application that pipes its lines here may take to end when both are stopped. */
const LAST_LINES_MILLIS = 12_000;

async function start(options: ViewerOptions): Promise<void> {
  const module = ViewerModule.forRoot(options);
  const app = await NestFactory.createApplicationContext(module, {
    logger: ['warn', 'error'],
    abortOnError: false,
  });
  announce(app);
  const lines = process.stdin.isTTY ? Promise.resolve() : readStandardInput(app);
  const lastLines = () => Promise.race([lines, setTimeout(LAST_LINES_MILLIS)]);
  await Promise.race([
    once(process, 'SIGTERM'),
    once(process, 'SIGINT').then(lastLines),
    once(process, 'disconnect').then(lastLines),
  ]);
  await app.close();
  process.exit();
}

function announce(app: INestApplicationContext): void {
  const grpc = app.get(GrpcReceiver).port;
  const http = app.get(HttpReceiver).port;
  if (!process.connected) {
    app.get(TracePrinter).print(`receiving OTLP at 127.0.0.1: gRPC on ${grpc}, HTTP on ${http}`);
  }
  app.get(ParentProcess).send({ type: 'listening', grpc, http });
}

function readStandardInput(app: INestApplicationContext): Promise<void> {
  const printer = app.get(TracePrinter);
  return app.get(LogLines).read(process.stdin, (line) => printer.print(line));
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options) await start(options);
  else process.stdout.write(`${USAGE}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`viewer: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
