import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import type { CanActivate } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Cron } from '@nestjs/schedule';
import { Traced } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAutomatic } from './support/automatic-app.js';

@Injectable()
class Shared {
  work(): string {
    return 'done';
  }
}

@Injectable()
class Other {
  work(): string {
    return 'done';
  }
}

@Module({ providers: [Other] })
class OtherModule {}

class Base {
  inherited(): string {
    return 'base';
  }
}

@Injectable()
class Left extends Base {}

@Injectable()
class Right extends Base {}

const MAPPED = { provide: 'MAPPED', useFactory: () => new Map<string, string>([['key', 'value']]) };

describe('automatic spans of several applications', () => {
  const bare = Shared.prototype.work;
  let spans: ReturnType<typeof recordSpans>;
  beforeEach(() => {
    spans = recordSpans();
  });
  afterEach(() => spans.stop());

  const names = () => spans.finished.map(({ name }) => name);

  it('AU1 are off by default', async () => {
    const { app, tracing, close } = await startAutomatic(
      { providers: [Shared] },
      { autoTrace: false },
    );
    expect(Shared.prototype.work).toBe(bare);
    tracing.span('parent', () => app.get(Shared).work());
    expect(names()).toEqual(['parent']);
    await close();
  });

  it('AU14 have one stand-in, which is taken out when the last one closes', async () => {
    const one = await startAutomatic({ providers: [Shared] });
    const standIn = Shared.prototype.work;
    const two = await startAutomatic({ providers: [Shared] });
    expect(Shared.prototype.work).toBe(standIn);
    two.tracing.span('two', () => two.app.get(Shared).work());
    one.tracing.span('one', () => one.app.get(Shared).work());
    expect(names()).toEqual(['Shared.work', 'two', 'Shared.work', 'one']);
    await one.close();
    expect(Shared.prototype.work).toBe(standIn);
    await two.close();
    expect(Shared.prototype.work).toBe(bare);
  });

  it('AU14 follow the options of the application that an object belongs to', async () => {
    const one = await startAutomatic({ providers: [Shared] });
    const off = await startAutomatic({ providers: [Shared] }, { autoTrace: false });
    const without = await startAutomatic(
      { providers: [Shared] },
      { autoTrace: { exclude: [Shared] } },
    );
    one.tracing.span('parent', () => {
      for (const { app } of [off, without, one]) app.get(Shared).work();
    });
    expect(names()).toEqual(['Shared.work', 'parent']);
    await Promise.all([one, off, without].map(({ close }) => close()));
    expect(Shared.prototype.work).toBe(bare);
  });

  it('AU14 come and go with test after test', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { app, tracing, close } = await startAutomatic({ providers: [Shared] });
      tracing.span('parent', () => app.get(Shared).work());
      await close();
      expect(Shared.prototype.work).toBe(bare);
    }
    expect(names().filter((name) => name === 'Shared.work')).toHaveLength(5);
  });
});

describe('what is chosen', () => {
  let spans: ReturnType<typeof recordSpans>;
  beforeEach(() => {
    spans = recordSpans();
  });
  afterEach(() => spans.stop());

  const names = () => spans.finished.map(({ name }) => name);

  const chosen = async (
    options: Parameters<typeof startAutomatic>[1] = {},
  ): Promise<{ names: string[]; lines: readonly string[] }> => {
    const { app, tracing, lines, close } = await startAutomatic(
      {
        imports: [OtherModule],
        providers: [Shared, Left, Right, { provide: 'ALIAS', useClass: Shared }, MAPPED],
      },
      options,
    );
    tracing.span('parent', () => {
      app.get(Shared).work();
      app.get(Other, { strict: false }).work();
      app.get(Left).inherited();
      app.get(Right).inherited();
      app.get<Map<string, string>>('MAPPED').get('key');
    });
    await close();
    const names = spans.finished.map(({ name }) => name).filter((name) => name !== 'parent');
    spans.reset();
    return { names, lines };
  };

  it('AU21 is what include names: a class, a module, a token, a pattern', async () => {
    const of = async (include: (typeof OtherModule | string | RegExp)[]) =>
      (await chosen({ autoTrace: { include } })).names;
    expect(await of([Shared])).toEqual(['Shared.work']);
    expect(await of([OtherModule])).toEqual(['Other.work']);
    expect(await of(['ALIAS'])).toEqual(['Shared.work']);
    expect(await of([/^Oth.*work$/g])).toEqual(['Other.work']);
    expect(await of([Left])).toEqual(['Base.inherited']);
  });

  it('AU21 is not what exclude names, whatever include says', async () => {
    const of = async (exclude: (typeof OtherModule | string | RegExp)[]) =>
      (await chosen({ autoTrace: { exclude } })).names;
    const all = ['Shared.work', 'Other.work', 'Base.inherited', 'Base.inherited'];
    expect(await of([])).toEqual(all);
    expect(await of([OtherModule, /inherited/])).toEqual(['Shared.work']);
    expect(await of(['ALIAS', Left])).toEqual(['Other.work', 'Base.inherited']);
    expect(await of([Base, Shared])).toEqual(['Other.work']);
    const both = await chosen({ autoTrace: { include: [Shared, Other], exclude: [Other] } });
    expect(both.names).toEqual(['Shared.work']);
  });

  it('AU21 is listed by the debug log, and a name that nothing answers to is warned of', async () => {
    class Absent {}
    const { lines } = await chosen({ autoTrace: { include: [Shared, Absent], exclude: ['NONE'] } });
    expect(lines).toEqual([
      expect.stringContaining('warn: autoTrace.include[1], Absent: no class of this application '),
      expect.stringContaining('warn: autoTrace.exclude[0], NONE: no class of this application '),
      'debug: autoTrace gives spans to Shared (work)',
    ]);
  });

  it('AU21 the warning names what may have been meant', async () => {
    const include = [Shared, 'Shared', 'Oter', /^Oter\./, /work$/];
    const { lines } = await chosen({ autoTrace: { include, exclude: [/^Oter\.wrok$/] } });
    const warned = lines.filter((line) => line.startsWith('warn: '));
    expect(warned.map((line) => line.slice('warn: autoTrace.'.length))).toEqual([
      'include[1], Shared: no class of this application answers to it; a text is a token: write the ' +
        'class Shared itself, or the pattern /^Shared\\./.',
      expect.stringMatching(/^include\[2\], Oter: no class .* to it; the nearest are Other, /),
      expect.stringMatching(/^include\[3\], \/\^Oter\\.\/: no method .*; the nearest are Other, /),
      expect.stringMatching(/^exclude\[0\], .*: no method .*; the nearest are Other\.work, /),
    ]);
  });

  it('AU21 an empty list is warned of, as nothing is traced then', async () => {
    const { lines, names } = await chosen({ autoTrace: { include: [] } });
    expect(names).toEqual([]);
    expect(lines).toEqual([
      expect.stringMatching(/^warn: autoTrace\.include is empty: nothing is traced\. Name classes/),
      'debug: autoTrace gives spans to no class',
    ]);
  });

  it('AU21 warns once of prototypes that are frozen, by their names', async () => {
    @Injectable()
    class Frozen {
      work(): string {
        return 'done';
      }

      @Traced()
      traced(): string {
        return 'done';
      }
    }
    Object.freeze(Frozen.prototype);
    const start = async (exclude: (typeof Frozen)[]) => {
      const { app, tracing, lines, close } = await startAutomatic(
        { providers: [Frozen, { provide: 'ALIAS', useClass: Frozen }] },
        { autoTrace: { exclude } },
      );
      expect(tracing.span('parent', () => app.get(Frozen).work())).toBe('done');
      await close();
      return lines.filter((line) => line.startsWith('warn'));
    };
    expect(await start([])).toEqual([
      'warn: autoTrace gives no spans to Frozen.work: the prototype is frozen or sealed, or the method ' +
        'cannot be configured. Put @Traced() on the methods, freeze the prototype after the start, or ' +
        'exclude them.',
    ]);
    expect(await start([Frozen])).toEqual([]);
  });

  it('AU21 names no method of a frozen prototype that would have no automatic span anyway', async () => {
    @Injectable()
    class FrozenGuard implements CanActivate {
      canActivate(): boolean {
        return true;
      }

      @OnEvent('told')
      told(): void {}

      @Cron('0 0 1 1 *')
      yearly(): void {}

      helps(): void {}
    }
    @Controller()
    @UseGuards(FrozenGuard)
    class FrozenController {
      @Get()
      find(): string {
        return 'found';
      }
    }
    for (const { prototype } of [FrozenGuard, FrozenController]) Object.freeze(prototype);
    const { app, tracing, lines, close } = await startAutomatic({
      controllers: [FrozenController],
      providers: [FrozenGuard],
    });
    const controller = app.get(FrozenController);
    tracing.span('parent', () => controller.find.apply(controller, []));
    await close();
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringContaining('autoTrace gives no spans to FrozenGuard.helps: '),
    ]);
    expect(names()).toEqual(['FrozenController.find', 'parent']);
    expect(Object.hasOwn(FrozenController.prototype.find, 'apply')).toBe(false);
  });

  it('records a call that returns at once only if it takes its time or fails', async () => {
    @Injectable()
    class Mixed {
      quick(): string {
        return 'quick';
      }

      slow(): void {
        const end = performance.now() + 15;
        while (performance.now() < end);
      }

      fails(): never {
        throw new Error('failed');
      }

      async later(): Promise<string> {
        await Promise.resolve();
        return 'later';
      }
    }
    const { app, tracing, close } = await startAutomatic(
      { providers: [Mixed] },
      { autoTrace: { minDurationMillis: 10 } },
    );
    const mixed = app.get(Mixed);
    const all = () =>
      tracing.span('parent', async () => {
        for (let call = 0; call < 3; call += 1) {
          expect(mixed.quick()).toBe('quick');
          mixed.slow();
          expect(() => mixed.fails()).toThrow('failed');
          expect(await mixed.later()).toBe('later');
        }
      });
    // What a method is like is learned by its first call.
    await all();
    spans.reset();
    await all();
    const counts = Object.groupBy(spans.finished, ({ name }) => name);
    expect(Object.keys(counts).toSorted()).toEqual([
      'Mixed.fails',
      'Mixed.later',
      'Mixed.slow',
      'parent',
    ]);
    for (const name of ['fails', 'later', 'slow']) expect(counts[`Mixed.${name}`]).toHaveLength(3);
    await close();
  });
});
