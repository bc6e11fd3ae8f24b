export { defineTask } from './task/define-task.js';
export type { TaskContext, WorkerFunction, WorkerTask } from './task/task.interface.js';
export type {
  OffloadAttempt,
  OffloadBackend,
  OffloadCall,
  OffloadReply,
} from './backend.interface.js';
export type { AsJson, JsonInput } from './wire/json-value.js';
export type { EncodedThrown } from './wire/error-codec.js';
export type { EncodedSpan } from './returning-spans/span-codec.js';
export type { TraceHeaders } from '../propagation/trace-headers.js';
