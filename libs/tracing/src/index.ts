export { TracingModule } from './tracing.module.js';
export type { TracingModuleAsyncOptions } from './tracing.module.js';
export { TracingService } from './tracing.service.js';
export type { TracingStats } from './tracing.service.js';
export type { ExportStats } from './export/accounts/export-state.js';
export type { DropReason, SpanStats } from './export/accounts/span-accounts.js';
export type { TracingModuleOptions } from './options/tracing-options.interface.js';
export type { BatchOptions, ExporterName, TlsOptions } from './options/export-options.interface.js';
export type { SamplerOptions, SamplingRuleOptions } from './options/sampler-options.interface.js';
export type { SamplingStats } from './tracer/sampling/sampling-rule.js';
export type { SpanBudgetOptions } from './options/span-budget-options.interface.js';
export type { ViewerOptions } from './options/viewer-options.interface.js';
export type {
  Destinations,
  HttpOptions,
  IncomingHttpOptions,
  IncomingRequest,
  IncomingTrust,
  OutgoingHttpOptions,
} from './http/http-options.interface.js';
export type {
  IncomingRpcOptions,
  OutgoingRpcOptions,
  RpcContext,
  RpcOptions,
  RpcTrust,
} from './rpc/rpc-options.interface.js';
export { tracedAdapter } from './websockets/traced-adapter.js';
export type { WebSocketOptions } from './websockets/websocket-options.interface.js';
export type { GraphqlOptions } from './graphql/graphql-options.interface.js';
export type {
  AutoTraceOptions,
  AutoTraceSelector,
} from './automatic/auto-trace-options.interface.js';
export type { CqrsOptions } from './cqrs/cqrs-options.interface.js';
export type { WatchdogOptions } from './watchdog/watchdog-options.interface.js';
export type { WatchdogStats } from './watchdog/watchdog-stats.interface.js';
export { tracedPublisher } from './cqrs/traced-publisher.js';
export type { CarryingPublisher, PublishWithCarrier } from './cqrs/traced-publisher.js';
export { tracedLoader } from './graphql/loaders/traced-loader.js';
export { W3cPropagator } from './propagation/w3c-propagator.js';
export { TracingConfigurationError } from './configuration.error.js';
export { Traced } from './decorators/traced.decorator.js';
export type {
  AnnotateTheParametersOfThisCallback,
  NotAnnotated,
  ParametersFrom,
  TracedDecorator,
  TracedOptions,
} from './decorators/traced.interface.js';
export { NoTrace } from './decorators/no-trace.decorator.js';
export { SpanAttribute } from './decorators/span-attribute.decorator.js';
export { Detached } from './detached/detached.decorator.js';
export type { DetachedDecorator } from './detached/detached.decorator.js';
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
export { tracedClient } from './rpc/outgoing/traced-client.js';
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
export type {
  FlatAttributes,
  FlatAttributeValue,
} from './span/attributes/flat-attributes.interface.js';
export type { SpanSettings } from './span/span-settings.js';
export type { OffloadModuleOptions } from './offload/caller/offload-settings.js';
export type { EnqueueOptions, EnqueuedTask, OffloadOptions } from './offload/offload.options.js';
export type { AsJson, JsonInput } from './offload/wire/json-value.js';
export type { OffloadStats } from './offload/caller/offload-counts.js';
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
