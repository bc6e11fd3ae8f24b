import type { TracingService } from 'nestjs-tracing';
import type { Mode } from './modes.js';
import { inMode } from './modes.js';

const CHILDREN = 100_000;

// Sends the bytes that each child takes while it waits for its turn, its handle included.
process.send?.(await inMode(process.argv[2] as Mode, queuedBytes));

function queuedBytes(tracing: TracingService): Promise<number> {
  return tracing.group('batch', { concurrency: 1 }, async (group) => {
    const gate = Promise.withResolvers<void>();
    const handles: Promise<void>[] = [group.spawn('gate', () => gate.promise)];
    const before = heapUsed();
    for (let i = 0; i < CHILDREN; i += 1) handles.push(group.spawn('item', () => done()));
    const bytes = (heapUsed() - before) / CHILDREN;
    gate.resolve();
    await Promise.all(handles);
    return bytes;
  });
}

function done(): Promise<void> {
  return Promise.resolve();
}

function heapUsed(): number {
  if (gc === undefined) throw new Error('Run this file with --expose-gc.');
  gc();
  return process.memoryUsage().heapUsed;
}
