import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { DATABASE, makeApplication } from '../application.js';
import type { Mode } from '../modes.js';
import { UsageMeter } from '../usage-meter.js';
import { MemoryClient } from './memory-client.js';
import { RecordedPostgres } from './recorded-postgres.js';
import { TurnsOfIo } from './turns-of-io.js';

// The service with all that happens in JavaScript and nothing of the network. Arguments: the mode, requests
// of the warm-up, requests of a batch, batches. Says when it is warm, waits for an answer, and tells what a
// request of each batch has used.

/** As many as there are connections: how long requests wait for one is no work of theirs. */
const POOL = 32;
const [mode, ...counts] = process.argv.slice(2) as [Mode, ...string[]];
const [warmUp = 0, batch = 0, batches = 0] = counts.map(Number);

const io = new TurnsOfIo();
io.start();
const postgres = new RecordedPostgres(DATABASE, io);
const { app } = await makeApplication(
  mode,
  { sink: 'http://127.0.0.1:4317', tracing: { exporter: 'none', watchdog: false } },
  { write: () => undefined },
  { stream: postgres.connection, max: POOL },
);
await app.init();
await (app.getHttpAdapter().getInstance() as { ready(): Promise<void> }).ready();
const client = new MemoryClient(app.getHttpServer() as Server, io);
await client.send(warmUp);
await say('warm');
const figures: object[] = [];
for (let turn = 0; turn < batches; turn += 1) figures.push(await measure());
await say(figures);
process.exit();

async function measure(): Promise<object> {
  const meter = new UsageMeter();
  meter.begin();
  await client.send(batch);
  const { mainMicros, allocatedBytes } = meter.end();
  return { micros: mainMicros / batch, bytes: allocatedBytes / batch };
}

async function say(message: unknown): Promise<void> {
  io.stop();
  process.send?.(message);
  await once(process, 'message');
  io.start();
}
