import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Detached, Traced, TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { defineTask } from 'nestjs-tracing/offload';
import { SpanRecorder, TracingTestingModule } from 'nestjs-tracing/testing';

const ran = vi.fn();
const task = defineTask(import.meta.url, 'task', (input: number) => ran(input) as unknown);
const moved = new ArrayBuffer(1);
structuredClone(moved, { transfer: [moved] });

let app: TestingModule;
let tracing: TracingService;

beforeAll(async () => {
  app = await Test.createTestingModule({
    imports: [TracingTestingModule.forRoot({ offload: { backend: 'inline' } })],
  }).compile();
  await app.init();
  tracing = app.get(TracingService);
});
beforeEach(() => {
  ran.mockClear();
  app.get(SpanRecorder).reset();
});
afterAll(() => app.close());

/** Every call that takes options, with those given. */
const calls = {
  group: (options: never) => tracing.group('g', options, ran),
  map: (options: never) => tracing.map('m', [1], options, ran),
  settled: (options: never) => tracing.settled('s', [1], options, ran),
  span: (options: never) => tracing.span('x', options, ran),
  detach: (options: never) => tracing.detach('d', options, ran),
  offload: (options: never) => tracing.offload(task, 1, options),
  enqueue: (options: never) => tracing.enqueue(task, 1 as never, options),
};
type Call = keyof typeof calls;

/** Wherever it is thrown: a call that returns a promise rejects with it. */
async function failure(call: Call, options: unknown): Promise<Error> {
  try {
    await calls[call](options as never);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const TRANSFER = /write an array of ArrayBuffers and ports that are still here, each once/;

/** The call, what it is given, what the error says. */
const wrong: [Call, unknown, RegExp][] = [
  ['group', { concurrency: '2' }, /group\("g"\), concurrency: write a whole number above 0, or/],
  ['map', { concurency: 2 }, /map\("m"\), concurency: .*did you mean "concurrency"\?/],
  ['settled', { graceMillis: Infinity }, /settled\("s"\), graceMillis: write a number of mill/],
  ['group', { attributes: [] }, /attributes: write an object of attributes/],
  ['span', { kind: 'client' }, /span\("x"\), kind: write a SpanKind, such as SpanKind\.CLIENT/],
  ['span', { links: {} }, /span\("x"\), links: write an array of links, such as \[\{ context \}\]/],
  ['span', { links: [null] }, /links: write an array of links/],
  ['span', { errors: 'none' }, /errors: write a function/],
  ['span', { result: {} }, /result: write a function/],
  ['span', { attribute: {} }, /span\("x"\), attribute: .*did you mean "attributes"\?/],
  ['span', { name: 'y' }, /span\("x"\), name: there is no such option; known are attributes/],
  ['detach', { baggage: [1] }, /detach\("d"\), baggage: write true, false or an array of/],
  ['detach', { kind: 7 }, /kind: write a SpanKind/],
  ['detach', { links: 'x' }, /links: write an array of links/],
  ['detach', { errors: true }, /errors: write a function/],
  ['detach', { attributes: 'x' }, /attributes: write an object of attributes/],
  ['offload', { signal: 42 }, /offload\("task"\), signal: give an AbortSignal/],
  ['offload', { transfer: new ArrayBuffer(1) }, TRANSFER],
  ['offload', { transfer: [new Uint8Array(1)] }, TRANSFER],
  ['offload', { transfer: [new SharedArrayBuffer(1)] }, TRANSFER],
  ['offload', { transfer: [moved] }, TRANSFER],
  ['offload', { transfer: Array(2).fill(new ArrayBuffer(1)) }, TRANSFER],
  ['offload', { transfer: [{}] }, TRANSFER],
  ['offload', { timeoutMillis: NaN }, /timeoutMillis: write a number of milliseconds from 0 to/],
  ['offload', { timeout: 5 }, /timeout: there is no such option; did you mean "timeoutMillis"\?/],
  ['offload', { attempts: 0 }, /attempts: write a number above 0/],
  ['enqueue', { delayMillis: '1s' }, /enqueue\("task"\), delayMillis: write a number of millise/],
  ['enqueue', { id: 7 }, /id: write a text/],
  ['enqueue', { delay: 7 }, /delay: there is no such option; did you mean "delayMillis"\?/],
];

describe('wrong options of a call are named before anything runs', () => {
  for (const [call, options, message] of wrong) {
    it(`${call}(${JSON.stringify(options)})`, async () => {
      const error = await failure(call, options);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(message);
      expect(ran).not.toHaveBeenCalled();
      expect(app.get(SpanRecorder).tree()).toBe('');
    });
  }

  for (const call of Object.keys(calls) as Call[]) {
    it(`${call} needs them as an object`, async () => {
      for (const options of [1, 'x', null, [], true]) {
        expect((await failure(call, options)).message).toMatch(
          new RegExp(`^${call}\\("\\w+"\\) needs its options as an object\\.$`),
        );
      }
      expect(ran).not.toHaveBeenCalled();
    });
  }

  it('of a decorator while the class is defined', () => {
    const misuse = (decorate: () => unknown) => expect(decorate);
    misuse(() => Traced({ attribute: {} } as object)).toThrow(
      '@Traced(), attribute: there is no such option; did you mean "attributes"?',
    );
    misuse(() => Traced({ kind: 'client' } as object)).toThrow('@Traced(), kind: write a SpanKind');
    misuse(() => Traced(1 as never)).toThrow('@Traced() needs its options as an object.');
    misuse(() => Detached({ parent: 'x' } as object)).toThrow(
      '@Detached(), parent: write "link" or "child".',
    );
    misuse(() => Detached({ root: true } as object)).toThrow('@Detached(), root: there is no such');
  });
});

describe('what says that there is no limit', () => {
  it('is Infinity, for concurrency and for time', async () => {
    const unlimited = { concurrency: Infinity, timeoutMillis: Infinity };
    expect(await tracing.map('m', [1, 2], unlimited, (item) => item * 2)).toEqual([2, 4]);
    expect(await tracing.group('g', unlimited, () => 'done')).toBe('done');
    await tracing.offload(task, 1, { timeoutMillis: Infinity });
    expect(ran).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('may be an option of the module', () => {
    const options: TracingModuleOptions = {
      strict: true,
      detached: { maxConcurrent: Infinity, maxPending: Infinity },
      offload: { maxQueue: Infinity },
    };
    expect(() => TracingModule.forRoot(options)).not.toThrow();
    const endless = { ...options, offload: { maxThreads: Infinity } };
    expect(() => TracingModule.forRoot(endless)).toThrow(
      'offload.maxThreads: write a whole number',
    );
  });
});

describe('an option that is undefined', () => {
  it('is left out', async () => {
    const options = { concurrency: undefined, spans: undefined, signal: undefined } as object;
    expect(await tracing.group('g', options, () => 1)).toBe(1);
    await tracing.offload(task, 1, { signal: undefined, transfer: undefined } as object);
    tracing.span('x', { kind: undefined, result: undefined } as object, ran);
    expect(ran).toHaveBeenCalledTimes(2);
  });
});
