import { EventEmitter } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import EventEmitter2 from 'eventemitter2';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAutomatic } from './support/automatic-app.js';

interface Bus {
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  emit(event: string): unknown;
  listenerCount(event: string): number;
}

@Injectable()
class Early {
  calls = 0;

  constructor(@Inject('BUS') readonly bus: Bus) {
    bus.on('event', this.handle);
    bus.on('event', this.other);
  }

  handle(): void {}

  other(): void {}

  leave(): void {
    this.bus.off('event', this.handle);
  }
}

@Injectable()
class Late implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject('BUS') readonly bus: Bus) {}

  onModuleInit(): void {
    this.bus.on('late', this.handle);
  }

  onApplicationShutdown(): void {
    this.bus.off('late', this.handle);
  }

  handle(): void {}
}

const MAKERS: Record<string, () => Bus> = {
  "Node's emitter": () => new EventEmitter(),
  EventEmitter2: () => new EventEmitter2.EventEmitter2(),
};

describe.each(Object.entries(MAKERS))('a listener of %s', (_, makeBus) => {
  let spans: ReturnType<typeof recordSpans>;
  beforeAll(() => {
    spans = recordSpans();
  });
  afterAll(() => spans.stop());

  const start = async () => {
    const bus = makeBus();
    const running = await startAutomatic({
      providers: [{ provide: 'BUS', useValue: bus }, Early, Late],
    });
    return { bus, ...running };
  };

  it('AU2 that a constructor has registered is found when it is to be removed', async () => {
    const { app, bus, close } = await start();
    expect(bus.listenerCount('event')).toBe(2);
    app.get(Early).leave();
    expect(bus.listenerCount('event')).toBe(1);
    await close();
  });

  it('AU2 is found after the stand-ins were taken out, too', async () => {
    const { app, bus, close } = await start();
    const early = app.get(Early);
    bus.on('event', early.handle);
    expect(bus.listenerCount('late')).toBe(1);
    await close();
    expect(bus.listenerCount('late')).toBe(0);
    early.leave();
    early.leave();
    expect(bus.listenerCount('event')).toBe(1);
  });

  it('AU14 leaves nothing on the method', async () => {
    const { close } = await start();
    await close();
    expect(Object.hasOwn(Early.prototype.handle, 'listener')).toBe(false);
  });
});
