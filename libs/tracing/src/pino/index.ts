export { withTraceContext } from './with-trace-context.js';
export { traceMixin } from './trace-mixin.js';
export type { TraceContextOptions, TraceMixin, TraceMixinOptions } from './trace-mixin.js';
export type { WhenNoSpan } from '../logs/trace-fields.js';
