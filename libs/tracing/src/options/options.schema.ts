import type { Attributes } from '@opentelemetry/api';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { SpanLimits } from '@opentelemetry/sdk-trace';
import * as z from 'zod';
import { autoTraceSchema } from '../automatic/auto-trace.schema.js';
import { detachedSchema } from '../detached/detached-settings.js';
import { cqrsSchema } from '../cqrs/cqrs.schema.js';
import { graphqlSchema } from '../graphql/graphql.schema.js';
import { httpSchema } from '../http/http.schema.js';
import { offloadSchema } from '../offload/caller/offload-settings.js';
import { rpcSchema } from '../rpc/rpc.schema.js';
import type { ErrorPolicy } from '../span/error-policy.js';
import { classifyReplies } from '../span/error-policy.js';
import { callback, flag, millis, objectOf, oneOf, text } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import { isWatchedByDefault, watchdogSchema } from '../watchdog/watchdog.schema.js';
import { webSocketSchema } from '../websockets/websocket.schema.js';
import { exportChecks } from './export.schema.js';
import { samplerSchema } from './sampler.schema.js';
import { spanBudgetSchema } from './span-budget.js';
import { spanLimitsFromEnv } from './span-limits.js';
import type { TracingModuleOptions } from './tracing-options.interface.js';

/** What holds with any SDK, one that was started elsewhere or that a test records with. */
const workChecks = {
  errors: callback<ErrorPolicy>()
    .default(() => classifyReplies)
    .describe('HTTP exceptions below 500, RPC and WebSocket exceptions are expected'),
  cancelled: oneOf('error', 'unset').default('error'),
  detached: detachedSchema.prefault({}),
  offload: offloadSchema.prefault({}),
  http: httpSchema.prefault(true),
  microservices: rpcSchema.prefault(true),
  websockets: webSocketSchema.prefault(true),
  graphql: graphqlSchema.prefault(true),
  cqrs: cqrsSchema.prefault(true),
  spanBudget: spanBudgetSchema.prefault(true),
  autoTrace: autoTraceSchema.prefault(false),
  watchdog: watchdogSchema
    .prefault(isWatchedByDefault)
    .describe('true, but for NODE_ENV=production'),
  shutdownTimeoutMillis: millis.default(10_000),
  strict: flag.default(false),
} as const;

/** What only an SDK of ours can do. */
const sdkChecks = {
  serviceName: text.optional().describe('OTEL_SERVICE_NAME, else the name in your package.json'),
  resource: objectOf<Attributes>('write an object of resource attributes')
    .optional()
    .describe('OTEL_RESOURCE_ATTRIBUTES and the detectors'),
  sampler: samplerSchema
    .optional()
    .describe('OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, else parentbased_always_on'),
  spanLimits: objectOf<SpanLimits>('write an object of span limits')
    .transform((limits) => ({ ...spanLimitsFromEnv(), ...limits }))
    .prefault({})
    .describe('OTEL_SPAN_*, OTEL_ATTRIBUTE_*, else 128 of each and 4096 characters a value'),
  sdk: objectOf<Partial<NodeSDKConfiguration>>('write an object of NodeSDK settings').optional(),
  ...exportChecks,
} as const;

/** What `TracingModule` accepts, in the order that an error lists it in. */
export const optionsSchema = optionSchema<TracingModuleOptions>()(
  { ...sdkChecks, ...workChecks },
  { isGlobal: 'write it beside the factory: forRootAsync({ isGlobal: false, useFactory })' },
);

/** The options that hold with any SDK. */
export type WorkOptionName = keyof typeof workChecks;

export type WorkOptions = {
  readonly [Name in WorkOptionName]: z.output<(typeof workChecks)[Name]>;
};

/** The defaults of what holds with any SDK; nothing in the environment can spoil them. */
export function defaultWorkOptions(): WorkOptions {
  return z.object(workChecks).parse({}) as WorkOptions;
}

/** Whether an option is one that only an SDK of ours can heed. */
export function isSdkOption(name: string): boolean {
  return !Object.hasOwn(workChecks, name);
}
