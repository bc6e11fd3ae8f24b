export { TracingModule } from './tracing.module.js';
export type { TracingModuleAsyncOptions } from './tracing.module.js';
export { TracingService } from './tracing.service.js';
export type { TracingStats } from './tracing.service.js';
export type { ExportStats } from './export/export-state.js';
export type { DropReason, SpanStats } from './export/span-accounts.js';
export type {
  BatchOptions,
  ExporterName,
  TlsOptions,
  TracingModuleOptions,
} from './options/tracing-options.interface.js';
export type {
  Destinations,
  HttpOptions,
  IncomingHttpOptions,
  IncomingRequest,
  IncomingTrust,
  OutgoingHttpOptions,
} from './http/http-options.interface.js';
export { W3cPropagator } from './http/propagation/w3c-propagator.js';
export { TracingConfigurationError } from './options/configuration.error.js';
export { Traced } from './decorators/traced.decorator.js';
export type { TracedDecorator, TracedOptions } from './decorators/traced.interface.js';
export { NoTrace } from './decorators/no-trace.decorator.js';
export { SpanAttribute } from './decorators/span-attribute.decorator.js';
export { Detached } from './decorators/detached.decorator.js';
export type { DetachedDecorator } from './decorators/detached.decorator.js';
export { DetachedAbandonedError, DetachedRejectedError } from './detached/detached.error.js';
export type { RejectionReason } from './detached/detached.error.js';
export type {
  DetachedMethodOptions,
  DetachedModuleOptions,
  DetachedOptions,
  DetachedOutcome,
  DetachedSettings,
  DetachedStats,
  DetachedTask,
  OverflowPolicy,
} from './detached/detached.interface.js';
export { LinksBasedSampler } from './sdk/links-based-sampler.js';
export { GroupClosedError, GroupTimeoutError, TaskNotStartedError } from './group/group.error.js';
export type {
  GroupOptions,
  TaskContext,
  TaskFunction,
  TaskGroup,
} from './group/group.interface.js';
export type { ItemFunction, Items } from './group/map-items.js';
export type { GroupBody } from './group/run-group.js';
export { DecoratorUsageError } from './decorators/decorator-usage.error.js';
export type { ErrorPolicy } from './span/error-policy.js';
export type { SpanFunctionOptions } from './span/span-function.js';
export type { SpanSettings } from './span/span-settings.js';
export type { OffloadModuleOptions } from './offload/offload-settings.js';
export type { EnqueueOptions, EnqueuedTask, OffloadOptions } from './offload/offload.options.js';
export type { AsJson, JsonInput } from './offload/json-value.js';
export type { OffloadStats } from './offload/offload-counts.js';
export {
  OffloadClosedError,
  OffloadConnectionError,
  OffloadCrashError,
  OffloadDataError,
  OffloadQueueFullError,
  OffloadTaskFileError,
  OffloadTaskUnknownError,
  OffloadTimeoutError,
} from './offload/offload.error.js';
export { TraceConsoleLogger } from './logs/trace-console-logger.js';
export type { TraceConsoleLoggerOptions } from './logs/trace-console-logger.js';
export type { TraceFields, WhenNoSpan } from './logs/trace-fields.js';
