import { types } from 'node:util';
import type { OpenSpan, SpanRecording } from './recording.js';

type Step = 'next' | 'return' | 'throw';
type StepResult = IteratorResult<unknown> | Promise<IteratorResult<unknown>>;

/** A generator or an async generator. */
export type AnyGenerator = Record<Step, (...args: never[]) => StepResult> & object;

const STEPS: readonly Step[] = ['next', 'return', 'throw'];

/** Told by its protocol, so that a down-levelled generator counts too; an iterator alone does not. */
export function isGenerator(value: object): value is AnyGenerator {
  const candidate = value as Partial<Generator & AsyncGenerator>;
  return (
    typeof candidate.next === 'function' &&
    typeof candidate.throw === 'function' &&
    typeof candidate.return === 'function' &&
    (typeof candidate[Symbol.iterator] === 'function' ||
      typeof candidate[Symbol.asyncIterator] === 'function') &&
    Object.isExtensible(value)
  );
}

/**
 * Gives a generator a span from its first `next` to exhaustion, throw or early `return`. A body runs
 * in the context of whoever calls `next`, so each step is run inside the span. The same object comes
 * back, its three methods shadowed.
 */
export function traceGenerator(generator: AnyGenerator, open: OpenSpan): AnyGenerator {
  const run = new GeneratorRun(generator, open);
  for (const step of STEPS) {
    const original = generator[step];
    Object.defineProperty(generator, step, {
      value: (...args: never[]) => run.step(step, original, args),
      configurable: true,
      writable: true,
    });
  }
  return generator;
}

/** One pass through a generator. */
class GeneratorRun {
  readonly #generator: AnyGenerator;
  readonly #open: OpenSpan;
  #recording: SpanRecording | undefined;
  #begun = false;

  constructor(generator: AnyGenerator, open: OpenSpan) {
    this.#generator = generator;
    this.#open = open;
  }

  step(step: Step, original: (...args: never[]) => StepResult, args: never[]): StepResult {
    this.#begin(step);
    const recording = this.#recording;
    if (recording === undefined) return Reflect.apply(original, this.#generator, args);
    try {
      return this.#watch(recording.run(original, this.#generator, args) as StepResult, recording);
    } catch (error) {
      this.#finish(() => recording.fail(error));
      throw error;
    }
  }

  /** Only a first `next` opens the span: what is closed before has never run. */
  #begin(step: Step): void {
    if (this.#begun) return;
    this.#begun = true;
    if (step === 'next') this.#recording = this.#open();
  }

  #watch(result: StepResult, recording: SpanRecording): StepResult {
    if (!types.isPromise(result)) return this.#advance(result, recording);
    return result.then(
      (settled) => this.#advance(settled, recording),
      (error: unknown) => {
        this.#finish(() => recording.fail(error));
        throw error;
      },
    );
  }

  #advance(result: IteratorResult<unknown>, recording: SpanRecording): IteratorResult<unknown> {
    if (result.done === true) this.#finish(() => recording.succeed(result.value));
    return result;
  }

  #finish(end: () => void): void {
    this.#recording = undefined;
    end();
  }
}
