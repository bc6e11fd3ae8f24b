import { Module, type DynamicModule } from '@nestjs/common';
import { TraceAssembler } from './assembling/trace-assembler.js';
import { VIEWER_OPTIONS, type ViewerOptions } from './options.js';
import { GrpcReceiver } from './receiving/grpc-receiver.js';
import { HttpReceiver } from './receiving/http-receiver.js';
import { LogLines } from './receiving/log-lines.js';
import { ParentProcess } from './showing/parent-process.js';
import { TracePrinter } from './showing/trace-printer.js';

/** Receivers feed the assembler; what shows traces listens to it. */
@Module({})
export class ViewerModule {
  static forRoot(options: ViewerOptions): DynamicModule {
    return {
      module: ViewerModule,
      providers: [
        { provide: VIEWER_OPTIONS, useValue: options },
        TraceAssembler,
        GrpcReceiver,
        HttpReceiver,
        LogLines,
        TracePrinter,
        ParentProcess,
      ],
    };
  }
}
