import { Module } from '@nestjs/common';
import type { INestApplicationContext, LoggerService, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';

/** An application without a server, and what its log says. */
export interface AutomaticApp {
  readonly app: INestApplicationContext;
  readonly tracing: TracingService;
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** Starts an application that has automatic spans, unless it is told otherwise. */
export async function startAutomatic(
  metadata: ModuleMetadata,
  options: TracingModuleOptions = {},
): Promise<AutomaticApp> {
  const tracing = TracingModule.forRoot({ autoTrace: true, watchdog: false, ...options });
  class App {}
  Module({ ...metadata, imports: [tracing, ...(metadata.imports ?? [])] })(App);
  const lines: string[] = [];
  const keep = (level: string) => (message: unknown) =>
    void lines.push(`${level}: ${String(message)}`);
  const logger: LoggerService = {
    log: () => undefined,
    warn: keep('warn'),
    error: keep('error'),
    debug: keep('debug'),
  };
  const app = await NestFactory.createApplicationContext(App, { logger, abortOnError: false });
  return { app, tracing: app.get(TracingService), lines, close: () => app.close() };
}
