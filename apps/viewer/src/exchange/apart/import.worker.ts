import { parentPort, workerData } from 'node:worker_threads';
import { Refusal, type RefusalReason } from '../../receiving/refusal.error.js';
import { FileError } from '../file.error.js';
import { readFile } from '../read-file.js';
import { ContentPacker, type PortableContent } from './content-packer.js';
import { piecesOf } from './pieces.js';

/** What the thread answers whenever it is asked for the next piece. */
export interface ImportAnswer {
  /** Absent after the last. */
  readonly piece?: PortableContent;
  readonly fault?: {
    readonly message: string;
    readonly at?: number;
    readonly reason?: RefusalReason;
  };
}

function* answers(): Generator<ImportAnswer> {
  try {
    const packer = new ContentPacker();
    // All is read before anything is handed out: of a file that is refused nothing is taken.
    const content = readFile(Buffer.from(workerData as Uint8Array));
    for (const piece of piecesOf(content)) yield { piece: packer.pack(piece) };
  } catch (error) {
    yield { fault: faultOf(error) };
  }
}

function faultOf(error: unknown): NonNullable<ImportAnswer['fault']> {
  if (error instanceof FileError) return { message: error.message, at: error.at };
  const { message, reason } = Refusal.from(error);
  return { message, reason };
}

const waiting = answers();
parentPort!.on('message', () => parentPort!.postMessage(waiting.next().value ?? {}));
