import 'reflect-metadata';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { warmUp } from './api/warm-up.js';
import { announcement, importText, openBrowser, pageAddress } from './announcement.js';
import { readBounded } from './exchange/read-bounded.js';
import { TraceImport } from './exchange/trace-import.js';
import { npxEnd } from './npx-end.js';
import { answerTo, readOptions, VIEWER_OPTIONS, type ViewerOptions } from './options.js';
import { GrpcReceiver } from './receiving/grpc-receiver.js';
import { HttpReceiver } from './receiving/http-receiver.js';
import { MAX_IMPORT_BYTES } from './receiving/limits.js';
import { LogLines } from './receiving/lines/log-lines.js';
import { ParentProcess } from './showing/parent-process.js';
import { TracePrinter } from './showing/trace-printer.js';
import { ViewerModule } from './viewer.module.js';

/** How long an application that pipes its lines here may take to end when both are stopped. */
const LAST_LINES_MILLIS = 12_000;

/** What is used of Express. */
interface ExpressSettings {
  disable(setting: 'x-powered-by' | 'etag'): this;
}

async function start(options: ViewerOptions): Promise<void> {
  const module = ViewerModule.forRoot(options);
  const app = await NestFactory.create(module, {
    logger: ['warn', 'error'],
    abortOnError: false,
    bodyParser: false,
  });
  (app.getHttpAdapter().getInstance() as ExpressSettings).disable('x-powered-by').disable('etag');
  // Listens, too: the receivers have their own servers, and the page is behind one of them.
  await app.init();
  await importFiles(app);
  announce(app);
  if (options.hasPage) setImmediate(warmUp);
  const lines = process.stdin.isTTY ? Promise.resolve() : readStandardInput(app);
  const lastLines = () => Promise.race([lines, setTimeout(LAST_LINES_MILLIS)]);
  await Promise.race([
    once(process, 'SIGTERM'),
    npxEnd(process.env),
    once(process, 'SIGINT').then(lastLines),
    once(process, 'disconnect').then(lastLines),
  ]);
  await app.close();
  process.exit();
}

function announce(app: INestApplicationContext): void {
  const options = app.get<ViewerOptions>(VIEWER_OPTIONS);
  const ports = { grpc: app.get(GrpcReceiver).port, http: app.get(HttpReceiver).port };
  if (!process.connected) {
    for (const line of announcement(options, ports)) app.get(TracePrinter).print(line);
  }
  app.get(ParentProcess).send({ type: 'listening', ...ports });
  if (options.opensPage) openBrowser(pageAddress(options, ports));
}

/** Shows files, before anything is received. @throws Error that names the file and the line. */
async function importFiles(app: INestApplicationContext): Promise<void> {
  const { imports } = app.get<ViewerOptions>(VIEWER_OPTIONS);
  for (const path of imports) {
    try {
      const file = await readBounded(path, MAX_IMPORT_BYTES);
      const found = await app.get(TraceImport).read(file);
      if (!process.connected) app.get(TracePrinter).print(importText(path, found));
    } catch (cause) {
      throw new Error(`--import ${path}: ${(cause as Error).message}`, { cause });
    }
  }
}

function readStandardInput(app: INestApplicationContext): Promise<void> {
  const printer = app.get(TracePrinter);
  const reading = app.get(LogLines).read(process.stdin, (line) => printer.printForeign(line));
  return reading.catch(({ message }: Error) => {
    process.stderr.write(`viewer: standard input broke, no more log lines: ${message}\n`);
  });
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options) await start(options);
  else process.stdout.write(`${answerTo(process.argv.slice(2))}\n`);
}

// What leaves the store is garbage that has grown old. By itself the engine looks for that when the heap is
// four times what was in use: 520 MB under 5,000 spans/s. At half as much again it takes no more time.
setFlagsFromString('--heap-growing-percent=50');
// Nor does it where the space for what is young stays as large as loading has made it, instead of growing
// by a hundred megabytes: most of what comes stays, and would only be copied there first.
setFlagsFromString('--semi-space-growth-factor=1');

// `viewer | head`: nobody reads any more, so there is nothing left to do.
process.stdout.on('error', () => process.exit());

main().catch((error: unknown) => {
  process.stderr.write(`viewer: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
