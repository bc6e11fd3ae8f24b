import { expect, it, vi } from 'vitest';
import { rejectionOf } from './tasks.js';
import { inEveryMode } from './tracing-modes.js';

inEveryMode('misuse', ({ group, map }) => {
  it.each([
    [
      'concurrency 0',
      { concurrency: 0 },
      /group\("g"\), concurrency: write a whole number above 0/,
    ],
    ['a fraction', { concurrency: 1.5 }, /concurrency/],
    ['a negative timeout', { timeoutMillis: -1 }, /timeoutMillis: write a number of milliseconds/],
    ['a timeout beyond timers', { timeoutMillis: 2 ** 31 }, /timeoutMillis.*2147483647/],
    ['NaN', { timeoutMillis: NaN }, /timeoutMillis/],
    [
      'an unknown option',
      { timeout: 5 },
      /timeout: there is no such option; did you mean "timeoutMillis"\?/,
    ],
    ['a wrong policy', { onError: 'ignore' }, /onError: write "cancel" or "continue"/],
    ['no signal', { signal: {} }, /signal: give an AbortSignal/],
    ['wrong spans', { spans: 'some' }, /spans: write "all", "errors" or "none"/],
  ])('says what is wrong: %s', async (_, options, message) => {
    const body = vi.fn();
    const error = await rejectionOf(group('g', options as never, body));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(message);
    expect(body).not.toHaveBeenCalled();
  });

  it('says what is missing', async () => {
    expect(await rejectionOf(group('', () => 1))).toMatchObject({
      message: 'group() needs a name, as a text.',
    });
    expect(await rejectionOf(group('g', {}, undefined as never))).toMatchObject({
      message: 'group("g") needs a function to call.',
    });
    expect(await rejectionOf(map('m', 5 as never, () => 1))).toMatchObject({
      message: 'map("m") needs items that can be iterated, such as an array.',
    });
  });

  it('spawn with a promise says to write a function', async () => {
    await group('g', (g) => {
      expect(() => g.spawn('x', Promise.resolve() as never)).toThrow(
        'spawn("x") in group "g" got a promise, whose work runs already: write spawn(() => work()).',
      );
      expect(() => g.spawn(undefined as never)).toThrow(/spawn\(\) in group "g" needs a function/);
    });
  });
});
