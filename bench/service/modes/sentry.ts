import type { DynamicModule } from '@nestjs/common';
import { plain } from './parts.js';
import type { Parts, Setting } from './parts.js';

/** What is used of Sentry, which is no dependency of this repository. */
export interface SentryNest {
  init(options: { dsn: string; tracesSampleRate: number }): unknown;
  SentryTraced(): MethodDecorator;
  flush(timeoutMillis: number): Promise<boolean>;
}

interface SentrySetup {
  readonly SentryModule: { forRoot(): DynamicModule };
}

const [NAME, SETUP] = ['@sentry/nestjs', '@sentry/nestjs/setup'];
const FLUSH_MILLIS = 10_000;

/** Sentry's SDK for Nest. */
export async function sentry(setting: Setting): Promise<Parts> {
  const { SentryTraced, flush } = (await import(NAME)) as SentryNest;
  const { SentryModule } = (await import(SETUP)) as SentrySetup;
  return {
    modules: [SentryModule.forRoot(), ...plain(setting)],
    Wrapped: () => SentryTraced(),
    flush: () => flush(FLUSH_MILLIS),
  };
}
