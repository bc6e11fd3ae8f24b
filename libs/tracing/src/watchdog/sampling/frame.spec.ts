import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Frame } from './frame.js';
import { framesOf } from './frame.js';

it('tells a call in the middle of its only line from one that has just been entered', () => {
  const loop = 'let stack; for (let at = 0; at < 2; at += 1) stack = evaluated(); return stack;';
  expect(topOf(`(function work(evaluated) { ${loop} })`)).toMatchObject({ isEntered: false });
  // So close to its head it may be either.
  expect(topOf('(go) => go()')).toMatchObject({ isEntered: true });
});

/** The innermost call when a function is, as it is written, that is given what asks where it is. */
function topOf(source: string): Frame | undefined {
  const work = runInThisContext(source, { filename: '/app/work.js' }) as (
    ask: () => object,
  ) => object;
  return framesOf(work(evaluated), new WeakMap())[0];
}

/** Stands for the text that a watcher has evaluated, which is the innermost call of a stack. */
function evaluated(): object {
  return note({});
}

function note(holder: object): object {
  Error.captureStackTrace(holder, note);
  return holder;
}
