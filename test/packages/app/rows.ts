import 'reflect-metadata';
import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TracingModule } from 'nestjs-tracing';
import { TracedTypeOrmModule } from 'nestjs-tracing/typeorm';
import { DataSource } from 'typeorm';
import { MemoryExporter } from './memory-exporter.js';

const exporter = new MemoryExporter();
const NAME = 'SELECT generate_series';
const ROWS = 500;

@Module({
  imports: [
    TracingModule.forRoot({ serviceName: 'smoke', exporter, strict: true }),
    TracedTypeOrmModule.forRoot(
      {
        type: 'postgres',
        host: '127.0.0.1',
        username: 'postgres',
        database: 'test',
        retryAttempts: 0,
      },
      { returnedRows: true },
    ),
  ],
})
class AppModule {}

async function run(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const runner = app.get(DataSource).createQueryRunner();
  const text = 'SELECT n FROM generate_series(1, $1::int) n';
  const stream = (await runner.stream(text, [ROWS])) as Readable;
  let rows = 0;
  for await (const _ of stream) rows += 1;
  await runner.release();
  await app.close();
  assert.equal(rows, ROWS);
  const { attributes } = exporter.one(NAME);
  assert.equal(attributes['db.response.returned_rows'], ROWS);
  assert.equal(attributes['db.system.name'], 'postgresql');
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
