import { types } from 'node:util';
import { isMarkedAsUntransferable } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import { CallOptions } from '../../validation/call-options.js';
import {
  attributesOf,
  duration,
  millis,
  positiveCount,
  signal,
  text,
  timeout,
  valueOf,
} from '../../validation/checks.js';
import { optionSchema } from '../../validation/option-schema.js';
import type { EnqueueOptions, OffloadOptions } from '../offload.options.js';

const offloadCallSchema = optionSchema<OffloadOptions>()({
  signal: signal.optional(),
  timeoutMillis: timeout.optional(),
  graceMillis: millis.optional().describe("the module's"),
  transfer: valueOf<readonly Transferable[]>(
    isTransferList,
    'write an array of ArrayBuffers and ports that are still here, each once, such as [bytes.buffer]',
  ).optional(),
  attempts: positiveCount.optional().describe("the backend's"),
  attributes: attributesOf().optional(),
});

const enqueueSchema = optionSchema<EnqueueOptions>()({
  delayMillis: duration.default(0),
  attempts: positiveCount.optional().describe("the backend's"),
  id: text.optional().describe('a new one'),
  attributes: attributesOf().optional(),
});

export const offloadCallOptions = new CallOptions(offloadCallSchema);

export const enqueueOptions = new CallOptions(enqueueSchema);

function isTransferList(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return new Set(value).size === value.length && value.every(isTransferable);
}

const TRANSFERABLE = [MessagePort, ReadableStream, WritableStream, TransformStream];

/** Whether structured clone can move it. A view cannot be moved, only the buffer below it. */
function isTransferable(value: unknown): boolean {
  if (types.isArrayBuffer(value)) {
    return !value.detached && !isMarkedAsUntransferable(value);
  }
  if (typeof value !== 'object' || value === null) return false;
  return (
    TRANSFERABLE.some((kind) => value instanceof kind) || value.constructor?.name === 'FileHandle'
  );
}
