import type { SamplingSubject, SubjectKind } from './sampling-subject.interface.js';

/** What of one kind may come in, as far as an application knows it when it has started. */
export interface KnownSubjects {
  readonly kind: SubjectKind;
  /** By their names; of a route by its method as well, unless it takes every one. */
  readonly subjects: readonly Omit<SamplingSubject, 'kind'>[];
  /** Whether there may be others that a pattern is for, which cannot be listed. */
  readonly mayHave?: (pattern: string) => boolean;
}
