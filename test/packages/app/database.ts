import 'reflect-metadata';
import assert from 'node:assert/strict';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { TracedTypeOrmModule } from 'nestjs-tracing/typeorm';
import { Column, DataSource, Entity, PrimaryGeneratedColumn, Repository } from 'typeorm';
import { MemoryExporter } from './memory-exporter.js';

const exporter = new MemoryExporter();

@Entity('book')
class Book {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar' })
  title!: string;
}

@Injectable()
class BookService {
  constructor(
    @InjectRepository(Book) private readonly books: Repository<Book>,
    private readonly dataSource: DataSource,
    private readonly tracing: TracingService,
  ) {}

  lend(): Promise<number> {
    return this.tracing.span('lend', async () => {
      await this.books.findOneBy({ title: 'canary' });
      await this.dataSource.transaction((manager) => manager.insert(Book, { title: 'canary' }));
      return this.books.count();
    });
  }
}

@Module({
  imports: [
    TracingModule.forRoot({ serviceName: 'smoke', exporter, strict: true }),
    TracedTypeOrmModule.forRoot({ type: 'sqljs', entities: [Book], synchronize: true }),
    TypeOrmModule.forFeature([Book]),
  ],
  providers: [BookService],
})
class AppModule {}

async function run(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const found = await app.get(BookService).lend();
  await app.close();
  assert.equal(found, 1);
  const statements = childrenOf(exporter.one('lend'));
  const [, transaction] = statements;
  assert.deepEqual(names(statements), ['SELECT "book"', 'transaction', 'SELECT "book"']);
  assert.ok(transaction);
  assert.deepEqual(names(childrenOf(transaction)), [
    'BEGIN TRANSACTION',
    'INSERT "book"',
    'COMMIT',
  ]);
  const { traceId } = exporter.one('DataSource.initialize').spanContext();
  assert.equal(exporter.one('CREATE TABLE "book"').spanContext().traceId, traceId);
  assert.equal(JSON.stringify(exporter.spans.map(said)).includes('canary'), false);
}

type Exported = (typeof exporter.spans)[number];

/** In the order of their start. */
function childrenOf(parent: Exported): Exported[] {
  const { spanId } = parent.spanContext();
  return exporter.spans
    .filter((span) => span.parentSpanContext?.spanId === spanId)
    .toSorted((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]);
}

function names(spans: readonly Exported[]): string[] {
  return spans.map((span) => span.name);
}

function said({ name, attributes, events, status }: Exported): unknown {
  return [name, attributes, events, status];
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
