export { TracingHealthIndicator } from './tracing-health.indicator.js';
export type { TracingHealthOptions } from './health-options.js';
export type { TracingHealth } from './assess-export.js';
