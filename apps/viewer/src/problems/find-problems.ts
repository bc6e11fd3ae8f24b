import type { Problem } from '../wire/problem.interface.js';
import {
  lookForLeftOut,
  lookForLost,
  lookForMissing,
  lookForOutliving,
  lookForSkew,
  lookForSlow,
} from './breaks.js';
import { lookForErrors, lookForOutcomes } from './failures.js';
import { MAX_OF_A_KIND, type Look, type ProblemSource } from './problem-source.js';
import { lookForRepeats } from './repeats.js';
import { lookForBlocked, lookForGaps, lookForSequences } from './waits.js';

/** The most telling first. */
const LOOKS: readonly Look[] = [
  lookForErrors,
  lookForOutcomes,
  lookForBlocked,
  lookForRepeats,
  lookForSequences,
  lookForGaps,
  lookForSlow,
  lookForOutliving,
  lookForSkew,
  lookForMissing,
  lookForLost,
  lookForLeftOut,
];

/** What is worth a look in a trace, at most a few of each kind; those that cost most come first. */
export function findProblems(source: ProblemSource): Problem[] {
  return LOOKS.flatMap((look) =>
    look(source)
      .toSorted((one, other) => other.cost - one.cost)
      .slice(0, MAX_OF_A_KIND),
  );
}
