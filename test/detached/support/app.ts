import { NestFactory } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { Logger, Module } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { trace } from '@opentelemetry/api';
import { vi } from 'vitest';

export const PLATFORMS = ['express', 'fastify'] as const;

export type Platform = (typeof PLATFORMS)[number];

interface Parts {
  readonly imports: readonly unknown[];
  readonly controllers?: readonly (new (...args: never[]) => object)[];
  readonly providers?: readonly unknown[];
}

/** A served application of a few parts, on a free port. */
export async function serve(
  platform: Platform,
  { imports, controllers = [], providers = [] }: Parts,
): Promise<{ app: INestApplication; url: string }> {
  @Module({
    imports: imports as [],
    controllers: controllers as [],
    providers: providers as [],
  })
  class AppModule {}
  const options = { logger: false as const, abortOnError: false };
  const app =
    platform === 'fastify'
      ? await NestFactory.create(AppModule, new FastifyAdapter(), options)
      : await NestFactory.create(AppModule, options);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

/** One line of Nest's log, with the trace that was active where it was written. */
export interface LogLine {
  readonly text: string;
  readonly traceId: string | undefined;
}

/** Collects what is logged as an error or a warning. */
export function captureLog(): LogLine[] {
  const lines: LogLine[] = [];
  const keep = (message: unknown): void => {
    lines.push({ text: String(message), traceId: trace.getActiveSpan()?.spanContext().traceId });
  };
  vi.spyOn(Logger.prototype, 'error').mockImplementation(keep);
  vi.spyOn(Logger.prototype, 'warn').mockImplementation(keep);
  return lines;
}
