export type ProblemKind =
  | 'error'
  | 'repeated'
  | 'sequential'
  | 'gap'
  | 'blocked'
  | 'outlives'
  | 'missing parent'
  | 'cancelled'
  | 'abandoned'
  | 'not started'
  | 'lost'
  | 'left out'
  | 'skew'
  | 'slow';

/** Something worth a look, with what proves it. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Where it is; -1 for the trace as a whole. */
  readonly span: number;
  /** One sentence. */
  readonly text: string;
  /** The spans that prove it, at most 200. */
  readonly evidence: readonly number[];
  /** Microseconds it cost, where that can be told; else 0. */
  readonly cost: number;
}
