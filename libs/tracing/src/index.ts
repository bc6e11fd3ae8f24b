export { TracingModule } from './tracing.module.js';
export type { TracingModuleAsyncOptions } from './tracing.module.js';
export { TracingService } from './tracing.service.js';
export type { TracingStats } from './tracing.service.js';
export type { DropReason, SpanStats } from './export/span-accounts.js';
export type {
  BatchOptions,
  ExporterName,
  TracingModuleOptions,
} from './options/tracing-options.interface.js';
export { TracingConfigurationError } from './options/configuration.error.js';
export { Traced } from './decorators/traced.decorator.js';
export type { TracedDecorator, TracedOptions } from './decorators/traced.interface.js';
export { NoTrace } from './decorators/no-trace.decorator.js';
export { SpanAttribute } from './decorators/span-attribute.decorator.js';
export { DecoratorUsageError } from './decorators/decorator-usage.error.js';
export type { ErrorPolicy } from './span/error-policy.js';
export type { SpanFunctionOptions } from './span/span-function.js';
export type { SpanSettings } from './span/span-settings.js';
export { TraceConsoleLogger } from './logs/trace-console-logger.js';
export type { TraceConsoleLoggerOptions } from './logs/trace-console-logger.js';
export type { TraceFields, WhenNoSpan } from './logs/trace-fields.js';
