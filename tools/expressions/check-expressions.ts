import { checkSync } from 'recheck';
import type { FoundExpression } from './find-expressions.js';

/** What was found out about an expression. */
export interface CheckedExpression extends FoundExpression {
  /** `linear` or better is wanted; `unknown` could not be found out in time. */
  readonly cost: string;
  readonly linear: boolean;
}

const TIMEOUT_MILLIS = 60_000;

/** Finds out whether an expression may take longer than in proportion to the text it sees. */
export function checkExpression(found: FoundExpression): CheckedExpression {
  if (found.dynamic) return { ...found, cost: 'made at run time', linear: false };
  const result = checkSync(found.source, found.flags, { timeout: TIMEOUT_MILLIS });
  if (result.status === 'unknown') return { ...found, cost: 'unknown', linear: false };
  return { ...found, cost: result.complexity.summary, linear: result.status === 'safe' };
}
