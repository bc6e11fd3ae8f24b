import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { makeApplication } from './application.js';
import type { Mode, ServiceStarted, ServiceUsage, Wish } from './modes.js';
import { UsageMeter } from './usage-meter.js';

const [, , mode, sink] = process.argv as [string, string, Mode, string];

const { app, flush } = await makeApplication(mode, { sink }, createWriteStream('/dev/null'));
await app.listen(0, '127.0.0.1');
const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
const { version: nest } = createRequire(import.meta.url)('@nestjs/core/package.json') as {
  version: string;
};
tell({ port, nest });

const meter = new UsageMeter();
process.on('message', (wish: Wish) => void grant(wish));

async function grant(wish: Wish): Promise<void> {
  await flush();
  tell(wish === 'begin' ? meter.begin() : meter.end());
  if (wish === 'stop') await app.close().then(() => process.disconnect());
}

function tell(message: ServiceStarted | ServiceUsage | undefined): void {
  process.send?.(message ?? {});
}
