import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  CommandBus,
  CommandHandler,
  CqrsModule,
  EventBus,
  EventsHandler,
  Saga,
} from '@nestjs/cqrs';
import type { Observable } from 'rxjs';
import { bufferCount, map } from 'rxjs';
import { TracingModule } from 'nestjs-tracing';

const [, , events = 'child', count = '200'] = process.argv;

/** Made here, so that it keeps nothing of where it is used. */
const nothing = (): void => undefined;
/** What handlers have made and is kept for ever. */
const kept: unknown[] = [];
/** What must not be kept. */
const things: WeakRef<object>[] = [];

function keep(): void {
  kept.push(setTimeout(nothing, 2 ** 30), new Promise(nothing).then(nothing));
}

function seen<T extends object>(thing: T): T {
  things.push(new WeakRef(thing));
  return thing;
}

class Place {
  readonly payload = 'x'.repeat(1000);
}

class Placed {
  readonly payload = 'x'.repeat(1000);
}

class Shipped {
  readonly payload = 'x'.repeat(1000);
}

@CommandHandler(Place)
class PlaceHandler {
  async execute(): Promise<object> {
    keep();
    await sleep(1);
    return seen({ placed: true });
  }
}

@EventsHandler(Placed)
class PlacedHandler {
  async handle(): Promise<void> {
    keep();
    await sleep(1);
    keep();
  }
}

@CommandHandler(Shipped)
class ShippedHandler {
  async execute(): Promise<void> {
    keep();
    await sleep(1);
  }
}

@Injectable()
class Sagas {
  @Saga()
  ship = (published: Observable<object>): Observable<object> =>
    published.pipe(
      bufferCount(2),
      map(() => seen(new Shipped())),
    );
}

@Module({
  imports: [
    CqrsModule.forRoot(),
    TracingModule.forRoot({
      watchdog: false,
      exporter: 'none',
      cqrs: { events: events as 'child' | 'link' },
      sdk: { autoDetectResources: false },
    }),
  ],
  providers: [PlaceHandler, PlacedHandler, ShippedHandler, Sagas],
})
class RetentionApp {}

const app = await NestFactory.createApplicationContext(RetentionApp, { logger: false });

async function round(): Promise<void> {
  seen((await app.get(CommandBus).execute(seen(new Place()))) as object);
  app.get(EventBus).publish(seen(new Placed()));
  app.get(EventBus).publishAll(Array.from({ length: 25 }, () => seen(new Placed())));
}

for (let done = 0; done < Number(count); done += 20) {
  await Promise.all(Array.from({ length: 20 }, round));
}
await sleep(50);
const { gc } = globalThis;
if (gc === undefined) throw new Error('Run this file with --expose-gc.');
for (let turn = 0; turn < 5; turn += 1) {
  await sleep(20);
  gc();
}
const alive = things.filter((thing) => thing.deref() !== undefined).length;
process.stdout.write(JSON.stringify({ seen: things.length, kept: kept.length, alive }), () =>
  process.exit(0),
);
