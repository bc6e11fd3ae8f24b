import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  NEVER,
  Observable,
  Subject,
  finalize,
  firstValueFrom,
  lastValueFrom,
  of,
  range,
  take,
} from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow } from './follow-result.js';

const KEY = createContextKey('entry');
const CTX = ROOT_CONTEXT.setValue(KEY, 'inside');
const where = (): unknown => context.active().getValue(KEY);

/** Keeps what it is told. */
class Told {
  readonly ends: unknown[] = [];
  readonly done = (): unknown => this.ends.push('done');
  readonly left = (): unknown => this.ends.push('left');
  readonly failed = (error: unknown): unknown => this.ends.push(error);
  readonly subscribed = (): unknown => this.ends.push('subscribed');
}

const followed = (value: unknown, told = new Told()) =>
  follow(() => value, CTX, told as never) as Observable<unknown>;

describe('following what a handler returns', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  });
  afterAll(() => context.disable());

  it('tells of a value, a promise and a throw, once, and gives them back', async () => {
    const told = new Told();
    const error = new Error('no');
    expect(follow(where, CTX, told as never)).toBe('inside');
    await expect(follow(async () => where(), CTX, told as never)).resolves.toBe('inside');
    const throwing = (): never => {
      throw error;
    };
    expect(() => follow(throwing, CTX, told as never)).toThrow(error);
    await expect(follow(async () => throwing(), CTX, told as never)).rejects.toBe(error);
    expect(told.ends).toEqual(['done', 'done', error, error]);
  });

  it('runs a stream in the context, whoever listens to it, and takes its source down there', async () => {
    const told = new Told();
    const seen: unknown[] = [];
    const source = new Observable((subscriber) => {
      seen.push(where());
      subscriber.next(1);
      return () => seen.push(where());
    });
    await firstValueFrom(followed(source.pipe(finalize(() => seen.push(where()))), told));
    expect(seen).toEqual(['inside', 'inside', 'inside']);
    expect(told.ends).toEqual(['subscribed', 'left']);
    expect(where()).toBeUndefined();
  });

  it('tells of a stream that completes or fails', async () => {
    const told = new Told();
    expect(await lastValueFrom(followed(of(1, 2), told))).toBe(2);
    const error = new Error('no');
    const failing = new Subject();
    const failed = lastValueFrom(followed(failing, told));
    failing.error(error);
    await expect(failed).rejects.toBe(error);
    expect(told.ends).toEqual(['subscribed', 'done', 'subscribed', error]);
  });

  it('stops a source that emits without end in one turn, when nobody wants more of it', async () => {
    let last = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed) subscriber.next((last += 1));
    });
    const told = new Told();
    expect(await lastValueFrom(followed(endless, told).pipe(take(3)))).toBe(3);
    expect(last).toBeLessThanOrEqual(4);
    expect(told.ends).toEqual(['subscribed', 'left']);
    expect(await lastValueFrom(followed(range(0, 5)).pipe(take(2)))).toBe(1);
  });

  it('without anybody to tell, runs in the context all the same', () => {
    const seen: unknown[] = [];
    const source = NEVER.pipe(finalize(() => seen.push(where())));
    const stream = follow(() => source, CTX, undefined) as Observable<unknown>;
    stream.subscribe().unsubscribe();
    expect(seen).toEqual(['inside']);
  });
});
