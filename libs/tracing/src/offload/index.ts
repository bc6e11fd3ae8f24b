export { defineTask } from './define-task.js';
export type { TaskContext, TaskFunction, WorkerTask } from './task.interface.js';
export type {
  OffloadAttempt,
  OffloadBackend,
  OffloadCall,
  OffloadReply,
} from './backend.interface.js';
export type { AsJson, JsonInput } from './json-value.js';
export type { EncodedThrown } from './error-codec.js';
export type { EncodedSpan } from './span-codec.js';
export type { TraceHeaders } from './trace-headers.js';
