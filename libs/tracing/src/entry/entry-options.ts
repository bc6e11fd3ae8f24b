import type { SubjectOptions } from '../tracer/sampling/sampling-subject.interface.js';
import type { EntrySpec } from './entry-spec.interface.js';

/** The options of an entry's span. */
export function entryOptions({
  kind,
  attributes,
  from,
  startTime,
  subject,
}: EntrySpec): SubjectOptions {
  return {
    kind,
    attributes,
    links: from.links,
    ...(startTime === undefined ? {} : { startTime }),
    ...(subject === undefined ? {} : { subject }),
  };
}
