import { types } from 'node:util';
import { dataProperty } from './data-property.js';
import { isShadowed, shadowMethod } from './own-method.js';
import type { RecordedCall } from '../recorded-call.interface.js';
import type { OpenSpan } from '../recording.js';
import { isConsumerGone } from '../outcome/called-off.js';
import { thenOf } from './thenable.js';

type Step = 'next' | 'return' | 'throw';
type Method = (...args: never[]) => unknown;

/** A generator or an async generator. */
export type AnyGenerator = Record<Step, Method>;

const STEPS: readonly Step[] = ['next', 'return', 'throw'];

/**
 * Whether a value is a generator whose steps can be looked into. A down-levelled one counts too and is
 * told by its protocol; an iterator alone does not. Nothing of it is called, no getter either.
 */
export function isGenerator(value: object): value is AnyGenerator {
  if (!types.isGeneratorObject(value) && !isIterable(value)) return false;
  return Object.isExtensible(value) && STEPS.every((step) => canShadow(value, step));
}

function isIterable(value: object): boolean {
  return (
    typeof dataProperty(value, 'next') === 'function' &&
    [Symbol.iterator, Symbol.asyncIterator].some(
      (key) => typeof dataProperty(value, key) === 'function',
    )
  );
}

function canShadow(value: object, step: Step): boolean {
  if (Object.getOwnPropertyDescriptor(value, step)?.configurable === false) return false;
  return typeof dataProperty(value, step) === 'function';
}

/**
 * Gives a generator a span from its first `next` to exhaustion, throw or early `return`. A body runs
 * in the context of whoever calls `next`, so each step is run inside the span. The same object comes
 * back, its three methods shadowed; one that is handed out again is measured as it is.
 */
export function traceGenerator(generator: AnyGenerator, open: OpenSpan): AnyGenerator {
  if (isShadowed(generator, 'next')) return generator;
  const run = new GeneratorRun(generator, open);
  for (const step of STEPS) {
    const original = generator[step];
    shadowMethod(generator, step, (...args) => run.step(step, original, args));
  }
  return generator;
}

/** One pass through a generator. */
class GeneratorRun {
  readonly #generator: AnyGenerator;
  readonly #open: OpenSpan;
  #recording: RecordedCall | undefined;
  #begun = false;

  constructor(generator: AnyGenerator, open: OpenSpan) {
    this.#generator = generator;
    this.#open = open;
  }

  step(step: Step, original: Method, args: never[]): unknown {
    this.#begin(step);
    const recording = this.#recording;
    if (recording === undefined) return Reflect.apply(original, this.#generator, args);
    try {
      const thrownIn = step === 'throw' ? (args[0] as unknown) : undefined;
      return this.#watch(recording.run(original, this.#generator, args), recording, thrownIn);
    } catch (error) {
      this.#fail(recording, error, step === 'throw' ? args[0] : undefined);
      throw error;
    }
  }

  /** Only a first `next` opens the span: what is closed before has never run. */
  #begin(step: Step): void {
    if (this.#begun) return;
    this.#begun = true;
    if (step === 'next') this.#recording = this.#open();
  }

  #watch(result: unknown, recording: RecordedCall, thrownIn: unknown): unknown {
    if (!types.isPromise(result)) return this.#advance(result, recording);
    return result.then(
      (settled) => this.#advance(settled, recording),
      (error: unknown) => {
        this.#fail(recording, error, thrownIn);
        throw error;
      },
    );
  }

  /** A stream that is left early throws at its source: what comes out again is no failure of it. */
  #fail(recording: RecordedCall, error: unknown, thrownIn: unknown): void {
    const isLeft = error === thrownIn && isConsumerGone(error);
    this.#finish(() => (isLeft ? recording.callOff(error) : recording.fail(error)));
  }

  /** A step of a look-alike may be anything; of a foreign thenable the end cannot be told. */
  #advance(result: unknown, recording: RecordedCall): unknown {
    if (typeof result !== 'object' || result === null) return result;
    if (dataProperty(result, 'done') === true) {
      this.#finish(() => recording.succeed(dataProperty(result, 'value')));
    } else if (thenOf(result) !== undefined) {
      this.#finish(() => recording.end());
    }
    return result;
  }

  #finish(end: () => void): void {
    this.#recording = undefined;
    end();
  }
}
