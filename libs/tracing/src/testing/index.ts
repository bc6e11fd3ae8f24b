export { recordSpans } from './record-spans.js';
export type { RecordSpansOptions } from './record-spans.js';
export { resetTracing } from './reset-tracing.js';
export { SpanRecorder } from './span-recorder.js';
export { TracingTestingModule } from './tracing-testing.module.js';
export type { TreeOptions } from './span-tree.js';
