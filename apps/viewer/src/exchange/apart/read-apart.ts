import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Refusal } from '../../receiving/refusal.error.js';
import { FileError } from '../file.error.js';
import type { FileContent } from '../read-file.js';
import { ContentUnpacker } from './content-unpacker.js';
import type { ImportAnswer } from './import.worker.js';

const WORKER = new URL('./import.worker.js', import.meta.url);
/** Of the thread; what a file within the limits takes, and no more. */
const MAX_MEGABYTES = 2_048;

/**
 * Reads a file in a thread of its own, so that nobody waits for it, and hands out what it holds piece by
 * piece. The file is given away.
 *
 * @throws FileError that names the line, Refusal of a gzip; then there has been no piece.
 */
export async function* readApart(file: Uint8Array): AsyncGenerator<FileContent> {
  const worker = new Worker(WORKER, {
    workerData: file,
    // A small buffer lies among others in a pool; a large one is handed over, which costs nothing.
    transferList: file.byteLength === file.buffer.byteLength ? [file.buffer as ArrayBuffer] : [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEGABYTES },
  });
  const unpacker = new ContentUnpacker();
  try {
    for (;;) {
      const answer = await ask(worker);
      if (answer.fault) throw errorOf(answer.fault);
      if (!answer.piece) return;
      yield unpacker.unpack(answer.piece);
    }
  } finally {
    await worker.terminate();
  }
}

async function ask(worker: Worker): Promise<ImportAnswer> {
  try {
    const answered = once(worker, 'message');
    worker.postMessage('next');
    return ((await answered) as [ImportAnswer])[0];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw cause;
    throw new Refusal('too_large', 'The file takes too much memory: split it.', { cause });
  }
}

function errorOf({ message, at, reason }: NonNullable<ImportAnswer['fault']>): Error {
  return at === undefined ? new Refusal(reason ?? 'internal', message) : new FileError(message, at);
}
