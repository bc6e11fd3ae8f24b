/** Bounds the calls of one name under one parent that have spans of their own. */
export interface RepeatLimits {
  /** So many have a span each; all further ones have one together. */
  readonly collapseAfter: number;
  /** So many failures among the further ones have a span after all. */
  readonly maxErrors: number;
}

export const DEFAULT_REPEAT_LIMITS: RepeatLimits = { collapseAfter: 20, maxErrors: 10 };
