import { getStringFromEnv } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type * as z from 'zod';
import { TracingConfigurationError } from '../configuration.error.js';
import { readOptions } from '../validation/read-options.js';
import { applicationName } from './application-name.js';
import { countFromEnv } from './environment.js';
import type { BatchOptions, ExporterName } from './export-options.interface.js';
import { exportersFromEnv } from './exporters-from-env.js';
import type { WorkOptions } from './options.schema.js';
import { defaultWorkOptions, isSdkOption, optionsSchema } from './options.schema.js';
import { otlpSettings } from './otlp-settings.js';
import type { OtlpSettings } from './otlp-settings.js';
import { isPercentEncoded } from './otlp-endpoint.js';
import type { ResolvedSpanBudget } from './span-budget.js';
import { fittingBudget } from './span-budget.js';
import { watchdogSettings } from '../watchdog/watchdog.schema.js';
import type { WatchdogSettings } from '../watchdog/watchdog-settings.interface.js';
import type { ViewerSettings } from './viewer.js';
import { viewerSettings } from './viewer.js';
import type { TracingModuleOptions } from './tracing-options.interface.js';

type Checked = z.output<typeof optionsSchema>;

/** The module's options with every default filled in, the OTEL_* variables read. */
export interface ResolvedOptions extends Omit<
  Checked,
  'exporter' | 'endpoint' | 'headers' | 'compression' | 'tls' | 'spanBudget' | 'viewer' | 'watchdog'
> {
  readonly exporter: ExporterName | SpanExporter;
  /** Exporters that get every span as well, named by OTEL_TRACES_EXPORTER. */
  readonly furtherExporters: readonly ExporterName[];
  readonly otlp: OtlpSettings;
  /** What one trace may record; undefined is off. */
  readonly spanBudget: ResolvedSpanBudget | undefined;
  /** Undefined is off. */
  readonly watchdog: WatchdogSettings | undefined;
  /** Where spans are shown while they run; undefined is off. */
  readonly viewer: ViewerSettings | undefined;
  /** What of the settings is not used as it stands, for the application's log. */
  readonly notes: readonly string[];
  /** The options given that only an SDK of ours can heed. */
  readonly givenForSdk: readonly string[];
}

/** What the application's work needs, traced or not. */
export type HostOptions = WorkOptions &
  Pick<Checked, 'spanLimits'> &
  Partial<Pick<Checked, 'sampler'>>;

/** What holds where tracing cannot start. */
export function untracedOptions(): HostOptions {
  return { ...defaultWorkOptions(), spanLimits: {} };
}

/**
 * Checks the module's options and fills in what is left out: an option goes before its variable, the
 * variable before the default.
 *
 * @throws TracingConfigurationError naming the wrong options, or the first wrong variable, and what to write
 */
export function resolveOptions(given: TracingModuleOptions): ResolvedOptions {
  const checked = readOptions(optionsSchema, given);
  const notes: string[] = [];
  const note = (message: string): void => void notes.push(message);
  const named = checked.exporter;
  const [exporter = 'none', ...furtherExporters] =
    named === undefined ? exportersFromEnv(note, checked.endpoint) : [named];
  const otlp = otlpSettings(checked, exporter === 'otlp-http' ? 'otlp-http' : 'otlp-grpc', note);
  const viewer = viewerSettings(
    checked.viewer,
    exporter === 'otlp-http' ? otlp.endpoint : undefined,
  );
  if (viewer && exporter !== 'otlp-http' && exporter !== 'otlp-grpc') note(NO_VIEWER);
  return {
    ...checked,
    serviceName: checked.serviceName ?? serviceNameFromEnv() ?? applicationName(),
    exporter,
    furtherExporters: furtherExporters as ExporterName[],
    otlp,
    viewer,
    batch: fittingBatch(checked.batch, given.batch),
    watchdog: watchdogSettings(checked.watchdog, given.watchdog),
    spanBudget: fittingBudget(checked.spanBudget, checked.batch.maxQueueSize),
    notes,
    givenForSdk: Object.keys(given).filter(isSdkOption),
  };
}

const NO_VIEWER =
  'viewer: it has no effect, as spans go out by another exporter than OTLP: a viewer would never hear ' +
  "of their ends; write exporter: 'otlp-grpc' or 'otlp-http'.";

type Batch = Checked['batch'];

/** A batch that nobody asked for is as large as the queue at most. */
function fittingBatch(batch: Batch, given: BatchOptions = {}): Batch {
  const { maxExportBatchSize, maxQueueSize } = batch;
  if (maxExportBatchSize <= maxQueueSize) return batch;
  const asked = given.maxExportBatchSize ?? countFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE');
  if (asked === undefined) return { ...batch, maxExportBatchSize: maxQueueSize };
  throw new TracingConfigurationError(
    'batch.maxExportBatchSize',
    `${maxExportBatchSize} is more than batch.maxQueueSize, which is ${maxQueueSize}: ` +
      'write a smaller batch or a larger queue',
  );
}

function serviceNameFromEnv(): string | undefined {
  const attributes = getStringFromEnv('OTEL_RESOURCE_ATTRIBUTES') ?? '';
  const named = /(?:^|,)\s*service\.name\s*=\s*([^,]+)/.exec(attributes)?.[1]?.trim();
  const decoded =
    named !== undefined && isPercentEncoded(named) ? decodeURIComponent(named) : named;
  return getStringFromEnv('OTEL_SERVICE_NAME') ?? decoded;
}
