import type { SentryNest } from './sentry.js';

// Preloaded (`node --import`): Sentry as its documentation sets it up for an ESM application.

const NAME = '@sentry/nestjs';
const [, , , sink] = process.argv as [string, string, string, string];
const { init } = (await import(NAME)) as SentryNest;
init({ dsn: sink.replace('://', '://key@').concat('/1'), tracesSampleRate: 1 });
