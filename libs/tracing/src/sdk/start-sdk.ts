import type { TracerProvider } from '@opentelemetry/api';
import { getBooleanFromEnv } from '@opentelemetry/core';
import { createPipeline } from '../export/span-pipeline.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { hasRegisteredProvider, registeredProvider } from '../span/registered-provider.js';
import { Watchdog } from '../watchdog/watchdog.js';
import { AdoptedSdk } from './adopted-sdk.js';
import { NO_SDK } from './no-sdk.js';
import { OwnSdk } from './own-sdk.js';
import type { RunningSdk } from './running-sdk.js';
import type { RefusalListener } from './registration-watch.js';
import { checkStart } from './self-check.js';
import { undoIfFailed } from './undo-if-failed.js';
import type { SetupOrigin } from './setup-origin.js';

/** Where the start says what a reader of the application's log must know. */
interface StartReport {
  log(message: string): void;
  warn(message: string): void;
}

/**
 * Gives the module its SDK: the one that is registered already, ours or somebody else's, or a new
 * one. Says once what is not as it should be.
 *
 * @param setUpAt where in the application's code the module was set up
 */
export function startSdk(
  options: ResolvedOptions,
  report: StartReport,
  setUpAt: SetupOrigin,
): RunningSdk {
  if (getBooleanFromEnv('OTEL_SDK_DISABLED') === true) {
    report.log('Tracing is off: OTEL_SDK_DISABLED is set. Unset it to trace.');
    return NO_SDK;
  }
  const sdk = hasRegisteredProvider()
    ? joinRegistered(options, report, setUpAt)
    : startOwn(options, report, setUpAt);
  return undoIfFailed(
    () => sdk.stop(0),
    () => {
      for (const problem of checkStart(sdk)) report.warn(problem);
      return sdk;
    },
  );
}

function startOwn(options: ResolvedOptions, report: StartReport, setUpAt: SetupOrigin): RunningSdk {
  for (const note of options.notes) report.warn(note);
  const watchdog = options.watchdog && new Watchdog(options.watchdog, (text) => report.warn(text));
  const pipeline = createPipeline(options, report, watchdog?.seat);
  const warnOfSecond: RefusalListener = (provider, place) =>
    report.warn(
      `A second tracer provider (${nameOf(provider)}) has no effect: TracingModule was set up first, at ` +
        `${setUpAt.toString()}; the second came from ${place.toString()}. Keep one of them, or give ` +
        'the option "sdk" what the other one was for.',
    );
  return undoIfFailed(
    () => pipeline.stop(0),
    () => {
      const warn = (message: string): void => report.warn(message);
      const sdk = new OwnSdk(options, pipeline, setUpAt, warn, watchdog);
      sdk.start(warnOfSecond);
      return sdk.join();
    },
  );
}

function joinRegistered(
  options: ResolvedOptions,
  report: StartReport,
  setUpAt: SetupOrigin,
): RunningSdk {
  const own = OwnSdk.registered();
  const unused = options.givenForSdk.join(', ');
  const hint = unused === '' ? '' : ` These options have no effect: ${unused}.`;
  if (own !== undefined) {
    report.warn(
      `TracingModule is set up twice in this process: first at ${own.setUpAt.toString()}, again at ` +
        `${setUpAt.toString()}. Both use the first one's SDK. Keep one TracingModule.forRoot().${hint}`,
    );
    return own.join();
  }
  const message =
    `An OpenTelemetry SDK (${nameOf(registeredProvider())}) is already registered in this process; it ` +
    `is used as it is by the TracingModule set up at ${setUpAt.toString()}.${hint}`;
  if (unused === '') report.log(message);
  else report.warn(message);
  return new AdoptedSdk(options.watchdog, (text) => report.warn(text));
}

/** The name of the class as it was written: a bundler may have numbered it. */
function nameOf(provider: TracerProvider): string {
  return provider.constructor.name.replace(/\$\d+$/, '');
}
