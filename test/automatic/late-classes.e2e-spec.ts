import { Inject, Injectable, Module } from '@nestjs/common';
import { LazyModuleLoader, ModuleRef } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAutomatic } from './support/automatic-app.js';

@Injectable()
class Lazy {
  work(): string {
    return 'lazy';
  }
}

@Module({ providers: [Lazy], exports: [Lazy] })
class LazyModule {}

@Injectable()
class Made {
  constructor(@Inject(Lazy) readonly lazy: Lazy) {}

  work(): string {
    return 'made';
  }
}

class Alone {
  work(): string {
    return 'alone';
  }
}

class Real {
  work(): string {
    return 'real';
  }
}

class Fake {
  work(): string {
    return 'fake';
  }
}

describe('automatic spans of classes that come late', () => {
  let spans: ReturnType<typeof recordSpans>;
  beforeEach(() => {
    spans = recordSpans();
  });
  afterEach(() => spans.stop());

  it('AU23 traces what a lazy module and moduleRef.create make', async () => {
    const { app, tracing, close } = await startAutomatic({});
    const loader = app.get(LazyModuleLoader);
    const moduleRef = await loader.load(() => LazyModule);
    const made = await moduleRef.create(Made);
    const alone = await app.get(ModuleRef).create(Alone);
    tracing.span('parent', () => {
      for (const each of [moduleRef.get(Lazy), made, alone]) each.work();
    });
    expect(spans.finished.map(({ name }) => name)).toEqual([
      'Lazy.work',
      'Made.work',
      'Alone.work',
      'parent',
    ]);
    await close();
    expect(Object.hasOwn(loader, 'load')).toBe(false);
    expect(Object.hasOwn(moduleRef, 'create')).toBe(false);
    expect(String(Made.prototype.work)).toContain('"made"');
  });

  it('AU23 traces what a test puts in the place of a provider', async () => {
    @Module({
      imports: [TracingModule.forRoot({ autoTrace: true })],
      providers: [Real, { provide: 'OTHER', useClass: Real }],
    })
    class App {}
    const module = await Test.createTestingModule({ imports: [App] })
      .overrideProvider(Real)
      .useClass(Fake)
      .overrideProvider('OTHER')
      .useValue(new Alone())
      .compile();
    await module.init();
    module.get(TracingService).span('parent', () => {
      expect([module.get(Real).work(), module.get<Alone>('OTHER').work()]).toEqual([
        'fake',
        'alone',
      ]);
    });
    expect(spans.finished.map(({ name }) => name)).toEqual(['Fake.work', 'Alone.work', 'parent']);
    await module.close();
  });

  it('AU6 asks a Proxy for no more than Nest does', async () => {
    const asked = async (autoTrace: boolean): Promise<string[]> => {
      const questions: string[] = [];
      const handler = new Proxy<ProxyHandler<object>>(
        {},
        {
          get:
            (_, trap) =>
            (target: object, ...args: [PropertyKey, ...unknown[]]) => {
              questions.push(`${String(trap)} ${String(args[0])}`);
              return (Reflect[trap as 'get'] as (...given: unknown[]) => unknown)(target, ...args);
            },
        },
      );
      const providers = [{ provide: 'PROXY', useValue: new Proxy(new Alone(), handler) }];
      const { app, close } = await startAutomatic({ providers }, { autoTrace });
      expect(app.get<Alone>('PROXY').work()).toBe('alone');
      await close();
      return questions;
    };
    expect(await asked(true)).toEqual(await asked(false));
  });
});
