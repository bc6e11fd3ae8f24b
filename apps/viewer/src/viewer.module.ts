import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ApiFilter } from './api/api.filter.js';
import { ImportController } from './api/import.controller.js';
import { KeptDetails } from './api/kept-details.js';
import { LiveController } from './api/live.controller.js';
import { LiveFeed } from './api/live-feed.js';
import { OverviewController } from './api/overview.controller.js';
import { PageController } from './api/page.controller.js';
import { PageFiles } from './api/page-files.js';
import { PageGate } from './api/page-gate.js';
import { TraceListing } from './api/trace-listing.js';
import { TracesController } from './api/traces.controller.js';
import { TraceImport } from './exchange/trace-import.js';
import { RouteGrouping } from './overview/route-groups.js';
import { SearchVocabulary } from './overview/search-vocabulary.js';
import { ServiceMapping } from './overview/service-map.js';
import { TelemetryIntake } from './receiving/telemetry.intake.js';
import { TraceFinder } from './search/trace-finder.js';
import { OpenSpanWatch } from './store/open-span-watch.js';
import { RunningWatch } from './store/running-watch.js';
import { TraceStore } from './store/trace-store.js';
import { TraceAssembler } from './assembling/trace-assembler.js';
import { VIEWER_OPTIONS, type ViewerOptions } from './options.js';
import { BodyReader } from './receiving/body.reader.js';
import { GrpcReceiver } from './receiving/grpc-receiver.js';
import { HttpReceiver } from './receiving/http-receiver.js';
import { LogLines } from './receiving/lines/log-lines.js';
import { OtlpReception } from './receiving/otlp/otlp.reception.js';
import { ReceptionRegistry } from './receiving/reception.registry.js';
import { ViewerStats } from './receiving/viewer.stats.js';
import { ParentProcess } from './showing/parent-process.js';
import { TracePrinter } from './showing/trace-printer.js';

/** What receives, and what it feeds; nothing of what shows. */
export const RECEIVING: readonly Type[] = [
  TraceAssembler,
  TraceStore,
  OpenSpanWatch,
  TelemetryIntake,
  ReceptionRegistry,
  OtlpReception,
  BodyReader,
  ViewerStats,
  PageGate,
  GrpcReceiver,
  HttpReceiver,
  LogLines,
];

const API: readonly Type[] = [
  RunningWatch,
  TraceFinder,
  TraceListing,
  KeptDetails,
  LiveFeed,
  TraceImport,
  RouteGrouping,
  ServiceMapping,
  SearchVocabulary,
  PageFiles,
];

/** Receivers feed the store and the assembler; the page and what prints traces listen to them. */
@Module({})
export class ViewerModule {
  static forRoot(options: ViewerOptions): DynamicModule {
    return {
      module: ViewerModule,
      // The page takes every address that is left, so it comes last.
      controllers: [
        TracesController,
        LiveController,
        OverviewController,
        ImportController,
        PageController,
      ],
      providers: [
        { provide: VIEWER_OPTIONS, useValue: options },
        { provide: APP_FILTER, useClass: ApiFilter },
        ...RECEIVING,
        ...API,
        TracePrinter,
        ParentProcess,
      ],
    };
  }
}
