import { setTimeout } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import type { TypeOrmModuleOptions, TypeOrmOptionsFactory } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOTE_OPTIONS, Note } from '../../../../test/typeorm/support/notes.js';
import { SpanRecorder, TracingTestingModule, recordSpans } from '../testing/index.js';
import { TracingModule } from '../tracing.module.js';
import { TracedTypeOrmModule, tracedDataSource } from './index.js';

type Imports = NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>;

let app: TestingModule | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function startApp(...imports: Imports): Promise<TestingModule> {
  app = await Test.createTestingModule({
    imports: [...imports, TracingTestingModule.forRoot()],
  }).compile();
  return app.init();
}

const startUpSpans = (moduleRef: TestingModule) =>
  moduleRef.get(SpanRecorder).named('DataSource.initialize');

@Injectable()
class NoteOptions implements TypeOrmOptionsFactory {
  createTypeOrmOptions(): TypeOrmModuleOptions {
    return NOTE_OPTIONS;
  }
}

@Module({ providers: [NoteOptions], exports: [NoteOptions] })
class NoteOptionsModule {}

describe('TracedTypeOrmModule', () => {
  it.each([
    ['forRoot', () => TracedTypeOrmModule.forRoot(NOTE_OPTIONS)],
    ['a factory', () => TracedTypeOrmModule.forRootAsync({ useFactory: () => NOTE_OPTIONS })],
    ['a class', () => TracedTypeOrmModule.forRootAsync({ useClass: NoteOptions })],
    [
      'an existing provider',
      () =>
        TracedTypeOrmModule.forRootAsync({
          imports: [NoteOptionsModule],
          useExisting: NoteOptions,
        }),
    ],
  ])('B11 connects after tracing has started, with options from %s', async (_, imported) => {
    const moduleRef = await startApp(imported(), TypeOrmModule.forFeature([Note]));
    const [start] = startUpSpans(moduleRef);
    expect(start && moduleRef.get(SpanRecorder).childrenOf(start).length).toBeGreaterThan(3);
    await moduleRef.get(DataSource).getRepository(Note).count();
    expect(moduleRef.get(SpanRecorder).named('SELECT "note"')).toHaveLength(1);
  });

  it('B11 waits for tracing that takes its time to start', async () => {
    let spans: SpanRecorder | undefined;
    const slowTracing = TracingModule.forRootAsync({
      useFactory: async () => {
        await setTimeout(50);
        spans = recordSpans();
        return {};
      },
    });
    app = await Test.createTestingModule({
      imports: [TracedTypeOrmModule.forRoot(NOTE_OPTIONS), slowTracing],
    }).compile();
    expect(spans?.named('DataSource.initialize')).toHaveLength(1);
    await spans?.stop();
  });

  it('hands the arguments that a factory injects to it', async () => {
    const useFactory = vi.fn(() => NOTE_OPTIONS);
    await startApp(
      TracedTypeOrmModule.forRootAsync({
        imports: [NoteOptionsModule],
        inject: [NoteOptions],
        useFactory,
      }),
    );
    expect(useFactory).toHaveBeenCalledWith(expect.any(NoteOptions));
  });

  it('works without TracingModule', async () => {
    app = await Test.createTestingModule({
      imports: [TracedTypeOrmModule.forRoot(NOTE_OPTIONS)],
    }).compile();
    expect(await app.get(DataSource).getRepository(Note).count()).toBe(0);
  });

  it('composes with the factory of the application', async () => {
    class OwnDataSource extends DataSource {}
    const moduleRef = await startApp(
      TypeOrmModule.forRootAsync({
        useFactory: () => NOTE_OPTIONS,
        dataSourceFactory: tracedDataSource({}, async (options) => new OwnDataSource(options!)),
      }),
    );
    const dataSource = moduleRef.get(DataSource);
    expect(dataSource).toBeInstanceOf(OwnDataSource);
    await dataSource.query('SELECT 1');
    expect(moduleRef.get(SpanRecorder).named('SELECT')).toHaveLength(1);
  });

  it('B9 keeps two DataSources apart', async () => {
    const moduleRef = await startApp(
      TracedTypeOrmModule.forRoot(NOTE_OPTIONS, { attributes: () => ({ source: 'default' }) }),
      TracedTypeOrmModule.forRoot(
        { ...NOTE_OPTIONS, name: 'other' },
        { attributes: () => ({ source: 'other' }) },
      ),
    );
    moduleRef.get(SpanRecorder).reset();
    await moduleRef.get(DataSource).query('SELECT 1');
    await moduleRef.get<DataSource>(getDataSourceToken('other')).query('SELECT 1');
    const sources = moduleRef.get(SpanRecorder).finished.map((span) => span.attributes['source']);
    expect(sources).toEqual(['default', 'other']);
  });

  it('B9 discovers the DataSources that were set up without it, and no traced one twice', async () => {
    const moduleRef = await startApp(
      TypeOrmModule.forRoot(NOTE_OPTIONS),
      TracedTypeOrmModule.forRoot({ ...NOTE_OPTIONS, name: 'traced' }),
      TracedTypeOrmModule.forDiscovery(),
    );
    const spans = moduleRef.get(SpanRecorder);
    spans.reset();
    await moduleRef.get(DataSource).query('SELECT 1');
    await moduleRef.get<DataSource>(getDataSourceToken('traced')).query('SELECT 2');
    expect(spans.tree()).toBe('SELECT\nSELECT');
  });

  it('names a wrong option where it is written', () => {
    const wrong = { sanitise: true } as object;
    expect(() => TracedTypeOrmModule.forRoot(NOTE_OPTIONS, wrong)).toThrow(/^sanitise: /);
    expect(() => TracedTypeOrmModule.forDiscovery(wrong)).toThrow(/^sanitise: /);
    expect(() => TracedTypeOrmModule.forRootAsync({})).toThrow(
      'useFactory, useClass and useExisting',
    );
  });

  it('says for MongoDB which instrumentation to use, without trying to connect', async () => {
    const cure = '@opentelemetry/instrumentation-mongodb';
    expect(() => TracedTypeOrmModule.forRoot({ type: 'mongodb' })).toThrow(cure);
    const later = TracedTypeOrmModule.forRootAsync({ useFactory: () => ({ type: 'mongodb' }) });
    await expect(startApp(later)).rejects.toThrow(cure);
  });
});
