import { Injectable } from '@nestjs/common';
import { TraceAssembler } from '../assembling/trace-assembler.js';
import { TraceStore } from '../store/trace-store.js';
import { ReceptionRegistry } from './reception.registry.js';

/** What `GET /stats` answers; the README has every name. */
@Injectable()
export class ViewerStats {
  constructor(
    private readonly registry: ReceptionRegistry,
    private readonly assembler: TraceAssembler,
    private readonly store: TraceStore,
  ) {}

  read(): object {
    const { received, refused } = this.registry;
    const { dropped, held } = this.assembler;
    const { traces, spans, logs, evicted } = this.store.totals;
    return { received, refused, dropped, held, stored: { traces, spans, logs }, evicted };
  }
}
