import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TracingModule, TracingService } from 'nestjs-tracing';

/** An application with the watchdog or without. Nobody listens for its spans: they are made, encoded, dropped. */
export async function startWatched(
  watchdog: boolean,
): Promise<{ app: INestApplicationContext; tracing: TracingService }> {
  class App {}
  Module({ imports: [TracingModule.forRoot({ endpoint: 'http://127.0.0.1:9', watchdog })] })(App);
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  return { app, tracing: app.get(TracingService) };
}

/** Microseconds of processor time that this thread has used. */
export function threadMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
