import { Inject, Injectable } from '@nestjs/common';
import { TraceAssembler } from '../assembling/trace-assembler.js';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { OpenSpanWatch } from '../store/open-span-watch.js';
import { TraceStore } from '../store/trace-store.js';
import type { Telemetry } from '../telemetry.interface.js';

/** Hands what was received to the page's store and to what prints, whichever there is. */
@Injectable()
export class TelemetryIntake {
  constructor(
    private readonly assembler: TraceAssembler,
    private readonly store: TraceStore,
    private readonly open: OpenSpanWatch,
    @Inject(VIEWER_OPTIONS)
    private readonly options: Pick<ViewerOptions, 'hasPage' | 'hasTerminal'>,
  ) {}

  add(telemetry: Telemetry): void {
    if (this.options.hasPage) {
      this.store.add(telemetry);
      if (telemetry.open) this.open.add(telemetry.open);
    }
    // A process that forked us wants whole traces as well.
    if (this.options.hasTerminal || process.connected) this.assembler.add(telemetry);
  }
}
