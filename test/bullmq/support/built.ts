/** The built package, as the hosts in other processes have it. The types are those of the sources. */
export const {
  OffloadHostModule,
  TracedProcessorsModule,
  bullmqBackend,
  createOffloadHost,
  tracedProcessor,
  tracedQueueTelemetry,
} = (await import(
  new URL('../../../libs/tracing/dist/bullmq/index.js', import.meta.url).href
)) as typeof import('nestjs-tracing/bullmq');

export const { OffloadConnectionError, OffloadTaskUnknownError, OffloadTimeoutError } =
  (await import(
    new URL('../../../libs/tracing/dist/index.js', import.meta.url).href
  )) as typeof import('nestjs-tracing');
