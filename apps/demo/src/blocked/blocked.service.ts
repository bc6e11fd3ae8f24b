import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Traced, TracingService } from 'nestjs-tracing';
import { digest } from './digest.js';
import { digestTask } from './digest.task.js';

export interface Digest {
  readonly digest: string;
}

/** The same work twice: where every other request waits for it, and where none does. */
@Injectable()
export class BlockedService {
  constructor(private readonly tracing: TracingService) {}

  @Traced('digest on the loop')
  async onTheLoop(key: string): Promise<Digest> {
    await nextTurn();
    return { digest: digest(key) };
  }

  @Traced('digest on a thread')
  async onAThread(key: string): Promise<Digest> {
    return { digest: await this.tracing.offload(digestTask, key) };
  }
}
