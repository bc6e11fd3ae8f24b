import { createInterface } from 'node:readline';
import { Injectable } from '@nestjs/common';
import { TraceAssembler } from '../assembling/trace-assembler.js';
import { readPinoLine } from './pino-line.js';

/** Receives JSON log lines from a stream. */
@Injectable()
export class LogLines {
  constructor(private readonly assembler: TraceAssembler) {}

  /** Reads lines until the stream ends; text that is no JSON log line goes to `other` as it is. */
  async read(input: NodeJS.ReadableStream, other: (line: string) => void): Promise<void> {
    for await (const line of createInterface({ input })) {
      const log = readPinoLine(line);
      if (log) this.assembler.add({ logs: [log] });
      else other(line);
    }
  }
}
