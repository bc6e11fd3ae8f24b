import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TraceAssembler } from '../assembling/trace-assembler.js';

/** Hands every trace to the process that forked the viewer, if one did, after it was printed. */
@Injectable()
export class ParentProcess implements OnModuleInit {
  constructor(private readonly assembler: TraceAssembler) {}

  onModuleInit(): void {
    this.assembler.finished.subscribe((trace) => this.send({ type: 'trace', trace }));
  }

  /** Sends a message, to nobody if there is no such process. */
  send(message: object): void {
    if (process.connected) process.send?.(message);
  }
}
