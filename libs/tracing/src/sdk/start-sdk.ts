import { getBooleanFromEnv } from '@opentelemetry/core';
import { createPipeline } from '../export/span-pipeline.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { hasRegisteredProvider } from '../runtime.js';
import { AdoptedSdk } from './adopted-sdk.js';
import { NO_SDK } from './no-sdk.js';
import { OwnSdk } from './own-sdk.js';
import type { RunningSdk } from './running-sdk.js';
import { checkStart } from './self-check.js';

/** Where the start says what a reader of the application's log must know. */
export interface StartReport {
  log(message: string): void;
  warn(message: string): void;
}

/**
 * Gives the module its SDK: the one that is registered already, ours or somebody else's, or a new
 * one. Says once what is not as it should be.
 */
export function startSdk(options: ResolvedOptions, report: StartReport): RunningSdk {
  if (getBooleanFromEnv('OTEL_SDK_DISABLED') === true) {
    report.log('Tracing is off: OTEL_SDK_DISABLED is set. Unset it to trace.');
    return NO_SDK;
  }
  const sdk = hasRegisteredProvider() ? joinRegistered(options, report) : startOwn(options, report);
  for (const problem of checkStart(sdk)) report.warn(problem);
  return sdk;
}

function startOwn(options: ResolvedOptions, report: StartReport): RunningSdk {
  const sdk = new OwnSdk(
    options,
    createPipeline(options, (message) => report.warn(message)),
  );
  sdk.start();
  return sdk.join();
}

function joinRegistered(options: ResolvedOptions, report: StartReport): RunningSdk {
  const own = OwnSdk.registered();
  const unused = sdkOptions(options).join(', ');
  const hint = unused === '' ? '' : ` These options have no effect: ${unused}.`;
  const whose = own === undefined ? 'An OpenTelemetry SDK' : "Another application's SDK";
  report.log(`${whose} is already registered in this process; it is used as it is.${hint}`);
  return own === undefined ? new AdoptedSdk() : own.join();
}

/** What was asked for that only a new SDK could do. */
function sdkOptions({ given }: ResolvedOptions): string[] {
  const ours = new Set([
    'cancelled',
    'detached',
    'errors',
    'http',
    'offload',
    'shutdownTimeoutMillis',
    'strict',
  ]);
  return Object.keys(given).filter((option) => !ours.has(option));
}
