import type { DataSource, DataSourceOptions } from 'typeorm';
import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { TypeOrmTracingOptions } from 'nestjs-tracing/typeorm';
import { recordSpans } from 'nestjs-tracing/testing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { noteSource } from './notes.js';

/** DataSources in memory and what they record. */
export interface TrackedNotes {
  readonly spans: SpanRecorder;
  /** An instrumented DataSource that has started; what it recorded so far is forgotten. */
  start(tracing?: TypeOrmTracingOptions, options?: Partial<DataSourceOptions>): Promise<DataSource>;
}

/** Records spans during a suite, looks for leaks after each test and destroys its DataSources. */
export function trackNotes(): TrackedNotes {
  const opened: DataSource[] = [];
  const recorded: { spans?: SpanRecorder } = {};
  beforeAll(() => {
    recorded.spans = recordSpans();
  });
  afterEach(async () => {
    for (const dataSource of opened.splice(0)) {
      if (dataSource.isInitialized) await dataSource.destroy();
    }
    recorded.spans?.assertNoOpenSpans();
    recorded.spans?.reset();
  });
  afterAll(() => recorded.spans?.stop());
  return {
    get spans(): SpanRecorder {
      if (recorded.spans === undefined) throw new Error('Nothing is recorded yet.');
      return recorded.spans;
    },
    async start(tracing, options) {
      const dataSource = await instrumentDataSource(noteSource(options), tracing).initialize();
      opened.push(dataSource);
      recorded.spans?.reset();
      return dataSource;
    },
  };
}
