import type { Operation } from './keywords.js';

/** What is known inside one pair of parentheses, or of the statement outside of all. */
export interface Frame {
  operation: Operation | undefined;
  /** A statement may open here. */
  opens: boolean;
  /** A target comes next. */
  expectsTarget: boolean;
  /** After a comma comes another target. */
  listsTargets: boolean;
  /** Names of common table expressions come. */
  listsNames: boolean;
}

/** The frame of something that opens here. */
export function openFrame(expectsTarget: boolean): Frame {
  return {
    operation: undefined,
    opens: true,
    expectsTarget,
    listsTargets: expectsTarget,
    listsNames: false,
  };
}

/** WHERE, SET and the like: no further target comes. */
export function endSources(frame: Frame): void {
  frame.expectsTarget = false;
  frame.listsTargets = false;
}
