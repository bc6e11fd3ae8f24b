import { HttpException, NotFoundException } from '@nestjs/common';
import { SpanStatusCode } from '@opentelemetry/api';
import type { OffloadBackend } from 'nestjs-tracing/offload';
import { afterEach, describe, expect, it } from 'vitest';
import { setEnvironment } from '../support/environment.js';
import {
  OffloadCrashError,
  OffloadDataError,
  OffloadTaskFileError,
  PiscinaBackend,
  defineTask,
} from './built.js';
import { first } from './fixtures/same-name.task.mjs';
import { holder } from './fixtures/not-exported.task.mjs';
import { throws } from './fixtures/throws.task.mjs';
import * as work from './fixtures/work.task.mjs';
import type { Offloading } from './offloading.js';
import { rejection, startOffloading } from './offloading.js';

/** A second, on a machine that has nothing else to do. */
const LIMIT_MILLIS = process.env['SOAK'] === '1' ? 1000 : 5000;

let app: Offloading;
afterEach(() => app?.close());

const fail = (how: string) => rejection(app.tracing.offload(work.failing, how));

describe('errors of a task', () => {
  it('W4 cross with name, message, code, cause, own fields and the worker stack', async () => {
    app = await startOffloading();
    const error = (await fail('custom')) as RangeError & { code: string; used: object };
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ name: 'QuotaError', message: 'over quota', code: 'E_QUOTA' });
    expect(error.used).toEqual({ bytes: 12 });
    expect(error.stack).toContain('work.task.mjs');
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ message: 'inner', cause: 'a text' });
  });

  it('W4 are ERROR on both spans, recorded once each', async () => {
    app = await startOffloading();
    await fail('custom');
    for (const name of ['offload failing', 'task failing']) {
      const span = app.spans.one(name);
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'over quota' });
      expect(span.attributes['error.type']).toBe('QuotaError');
      expect(span.events.map((event) => event.attributes!['exception.message'])).toEqual([
        'over quota',
      ]);
    }
  });

  it('W4 an AggregateError brings its list', async () => {
    app = await startOffloading();
    const error = (await fail('aggregate')) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.message).toBe('both');
    expect(error.errors).toEqual([new Error('one'), 'two']);
  });

  it("W4 Nest's exceptions keep class, status and response, and are expected", async () => {
    app = await startOffloading();
    const missing = (await fail('http')) as HttpException;
    expect(missing).toBeInstanceOf(NotFoundException);
    expect(missing.getStatus()).toBe(404);
    expect(missing.getResponse()).toEqual({ message: 'no such cat', cat: 7 });
    expect(((await fail('teapot')) as HttpException).getStatus()).toBe(418);
    expect(app.spans.finished.map((span) => span.status.code)).toEqual(
      Array(4).fill(SpanStatusCode.UNSET),
    );
  });

  it("W4 the module's own policy judges both spans", async () => {
    const errors = (error: unknown) =>
      (error as Error)?.name === 'QuotaError' ? 'expected' : 'error';
    app = await startOffloading({}, { errors });
    await fail('custom');
    await fail('teapot');
    expect(app.spans.tree({ attributes: ['error.type'] })).toBe(
      [
        'offload failing',
        '  task failing',
        'offload failing error.type=HttpException status=ERROR',
        '  task failing error.type=HttpException status=ERROR',
      ].join('\n'),
    );
  });

  it('W4 what is no error arrives as it is', async () => {
    app = await startOffloading();
    expect(await fail('undefined')).toBeUndefined();
    expect(await fail('text')).toBe('a text');
    expect(await fail('abort')).toMatchObject({ name: 'AbortError', code: 20 });
  });

  it('W4 what cannot be read of them stays behind, and the worker survives', async () => {
    app = await startOffloading();
    const error = await fail('getter');
    expect(error).toEqual(new Error('hiding something'));
    expect(await fail('bare')).toBe('[Object: null prototype] { fn: [Function: fn] }');
    expect(app.tracing.stats().offload).toMatchObject({ error: 2, crashed: 0 });
    expect(app.spans.named('task failing')).toHaveLength(2);
  });
});

/** Workers with less memory than the options allow: how much one needs depends on the Node.js version. */
function tinyBackend(): OffloadBackend {
  const limits = { maxOldGenerationSizeMb: 8 };
  const rest = { maxQueue: 1000, graceMillis: 1000, backend: 'piscina' } as const;
  return new PiscinaBackend({ maxThreads: 2, resourceLimits: limits, ...rest }, {});
}

describe('a worker that ends', () => {
  it.each([
    ['exit', /task "crash" ended before it answered: worker exited with code: 3/],
    ['stray', /task "crash" ended before it answered: stray/],
    [
      'memory',
      /task "crash" ended before it answered: .*memory\. .*maxOldGenerationSizeMb\. It is 48 now/,
    ],
  ] as const)(
    'W8 by %s rejects its task by name, harms no other, and recovers',
    async (how, message) => {
      app = await startOffloading({
        maxThreads: 2,
        resourceLimits: { maxOldGenerationSizeMb: 48 },
      });
      const other = app.tracing.offload(work.busy, 300);
      const waiting = Array.from({ length: 6 }, (_, index) =>
        app.tracing.offload(work.echo, index),
      );
      const error = await rejection(app.tracing.offload(work.crash, how));
      expect(error).toBeInstanceOf(OffloadCrashError);
      expect(error).toMatchObject({ task: 'crash', message: expect.stringMatching(message) });
      expect(app.spans.one('offload crash').status.code).toBe(SpanStatusCode.ERROR);
      expect(await other).toBe(300);
      expect(await Promise.all(waiting)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(await app.tracing.offload(work.echo, 'again')).toBe('again');
      expect(app.tracing.stats().offload).toMatchObject({ submitted: 9, ok: 8, crashed: 1 });
    },
  );

  it('W8 crash after crash leaves no call pending', async () => {
    app = await startOffloading();
    const calls = Array.from({ length: 12 }, (_, index) =>
      index % 3 === 0 ? app.tracing.offload(work.crash, 'exit') : app.tracing.offload(work.echo, 1),
    );
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(
      calls.map((_, index) => (index % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
  });

  it('W8 a heap that no worker starts with rejects every call, naming the option', async () => {
    app = await startOffloading({ backend: tinyBackend() });
    const calls = Array.from({ length: 3 }, () => app.tracing.offload(work.echo, 1));
    for (const error of await Promise.all(calls.map(rejection))) {
      expect(error).toMatchObject({
        name: 'OffloadCrashError',
        message: expect.stringContaining('raise offload.resourceLimits.maxOldGeneration'),
      });
    }
  });

  it('W8 workers that cannot start reject every call', async () => {
    const restore = setEnvironment({ NODE_OPTIONS: '--import @swc-node/not-installed' });
    app = await startOffloading({ maxThreads: 2 });
    const calls = Array.from({ length: 6 }, () => app.tracing.offload(work.echo, 1));
    const errors = await Promise.all(calls.map(rejection));
    restore();
    for (const error of errors) {
      expect(error).toBeInstanceOf(OffloadCrashError);
      expect((error as Error).message).toContain("Cannot find package '@swc-node/not-installed'");
    }
    expect(await app.tracing.offload(work.echo, 'cured')).toBe('cured');
  });
});

describe('a file that is no good', () => {
  const missing = () =>
    defineTask(new URL('fixtures/missing.task.mjs', import.meta.url), 'gone', () => undefined);

  it.each([
    ['does not exist', missing, /"gone".*missing\.task\.mjs, does not exist\. Deploy it/],
    ['cannot be loaded', () => throws, /throws\.task\.mjs, cannot be loaded: no native binding/],
    ['does not export the task', holder, /"hidden".*does not export it, but only exported\. Write/],
    [
      'imports the application',
      () =>
        defineTask(
          new URL('fixtures/imports-app.task.mjs', import.meta.url),
          'importing',
          () => undefined,
        ),
      /imports-app\.task\.mjs, cannot be used: it imports the Nest application\. Move/,
    ],
    ['gives two tasks one name', () => first, /"same".*exports several tasks of that name\. Name/],
  ])('W9 that %s rejects every call within a second, with what to do', async (_, task, message) => {
    app = await startOffloading();
    await app.tracing.offload(work.echo, 1);
    const start = performance.now();
    const calls = Array.from({ length: 3 }, () => app.tracing.offload(task(), undefined));
    const errors = await Promise.all(calls.map(rejection));
    expect(performance.now() - start).toBeLessThan(LIMIT_MILLIS);
    for (const error of errors) {
      expect(error).toBeInstanceOf(OffloadTaskFileError);
      expect((error as Error).message).toMatch(message);
    }
    expect(await app.tracing.offload(work.echo, 'still works')).toBe('still works');
  });

  it('a value that is no task is refused with what to write', async () => {
    app = await startOffloading();
    const error = await rejection(app.tracing.offload((() => 1) as never, 1));
    expect(error).toMatchObject({ message: expect.stringContaining('write export const work =') });
  });
});

describe('data that cannot cross', () => {
  class Cat {}

  it.each([
    [{ list: [{ fn: () => 1 }] }, /^input\.list\[0\]\.fn is a function, which cannot cross/],
    [
      { cats: new Map([['tom', new Cat()]]) },
      /^input\.cats\.get\("tom"\) is an instance of class Cat/,
    ],
    [Symbol('a'), /^input is a symbol/],
    [{ at: new Proxy({}, {}) }, /^input\.at is a Proxy/],
  ])('W10 in the input is named by its path', async (input, message) => {
    app = await startOffloading();
    const error = await rejection(app.tracing.offload(work.echo, input));
    expect(error).toBeInstanceOf(OffloadDataError);
    expect((error as Error).message).toMatch(message);
    expect(app.spans.one('offload echo').status.code).toBe(SpanStatusCode.ERROR);
  });

  it('W10 in the result is named by its path, and the worker survives', async () => {
    app = await startOffloading();
    const first = await rejection(app.tracing.offload(work.uncloneable, 'function'));
    expect(first).toMatchObject({
      message: expect.stringMatching(/^result\.list\[0\]\.fn is a fun/),
    });
    const second = await rejection(app.tracing.offload(work.uncloneable, 'class'));
    expect(second).toMatchObject({ message: expect.stringMatching(/^result\.at is an instance/) });
    expect(second).toBeInstanceOf(OffloadDataError);
    const threads = app.spans.named('offload uncloneable');
    expect(new Set(threads.map((span) => span.attributes['async.offload.thread'])).size).toBe(1);
  });

  it('W10 a getter that throws rejects with its error', async () => {
    app = await startOffloading();
    const input = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('from the getter');
      },
    });
    expect(await rejection(app.tracing.offload(work.echo, input))).toMatchObject({
      message: 'from the getter',
    });
  });
});
