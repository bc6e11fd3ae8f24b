import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { AssembledTrace } from '../assembling/assembled-trace.interface.js';
import { TraceAssembler } from '../assembling/trace-assembler.js';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import type { ReceivedLog } from '../telemetry.interface.js';
import { harmlessLine } from './foreign-line.js';
import { COLOURS, paletteFor } from './palette.js';
import { renderTrace } from './render-trace.js';
import { logLine, type LineContext } from './span-lines.js';

const QUIET_SEVERITY = /^(trace|silly|verbose|debug|http|info)/i;

/** Prints every trace on standard output as it is handed over. */
@Injectable()
export class TracePrinter implements OnModuleInit {
  readonly #palette = paletteFor(process.stdout, process.env);

  constructor(
    private readonly assembler: TraceAssembler,
    @Inject(VIEWER_OPTIONS) private readonly options: ViewerOptions,
  ) {}

  onModuleInit(): void {
    if (!this.options.hasTerminal) return;
    this.assembler.finished.subscribe((trace) => this.#printTrace(trace));
    this.assembler.untraced.subscribe((log) => this.#printUntraced(log));
  }

  /** Prints a line as it is. */
  print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** Prints a line that another program made. */
  printForeign(line: string): void {
    this.print(harmlessLine(line, this.#palette === COLOURS));
  }

  #printTrace(trace: AssembledTrace): void {
    const { attributes } = this.options;
    const context: LineContext = {
      palette: this.#palette,
      ...(attributes ? { attributes } : {}),
      spanName: (traceId, spanId) => this.assembler.spanName(traceId, spanId),
    };
    this.print(['', ...renderTrace(trace, context)].join('\n'));
  }

  #printUntraced(log: ReceivedLog): void {
    if (this.options.tracedOnly && QUIET_SEVERITY.test(log.severity)) return;
    this.print(logLine(log, this.#palette));
  }
}
