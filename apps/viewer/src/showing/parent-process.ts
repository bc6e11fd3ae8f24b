import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TraceAssembler } from '../assembling/trace-assembler.js';

/** Messages on their way; a process that reads is never that far behind. */
const MAX_UNREAD = 1_000;

/** Hands every trace to the process that forked the viewer, if one did, after it was printed. */
@Injectable()
export class ParentProcess implements OnModuleInit {
  #isDeaf = false;
  #unread = 0;

  constructor(private readonly assembler: TraceAssembler) {}

  onModuleInit(): void {
    this.assembler.finished.subscribe((trace) => this.send({ type: 'trace', trace }));
  }

  /**
   * Sends a message, to nobody if there is no such process. One that reads JSON only (it did not fork
   * us with `serialization: 'advanced'`) gets none; one that has stopped reading gets no more.
   */
  send(message: object): void {
    if (!process.connected || this.#isDeaf) return;
    if (this.#unread >= MAX_UNREAD) return this.#giveUp('it does not read them');
    try {
      this.#unread += 1;
      process.send?.(message, undefined, undefined, () => (this.#unread -= 1));
    } catch {
      this.#giveUp("fork with serialization: 'advanced'");
    }
  }

  #giveUp(reason: string): void {
    this.#isDeaf = true;
    process.stderr.write(`viewer: the parent process gets no more traces: ${reason}.\n`);
  }
}
