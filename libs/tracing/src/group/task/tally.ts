import type { Attributes } from '@opentelemetry/api';
import { ATTR_GROUP_TASKS } from '../group-attributes.js';

/** How the children of a group ended. */
export class Tally {
  total = 0;
  ok = 0;
  error = 0;
  cancelled = 0;
  notStarted = 0;

  /** The counts as attributes of the group's span. */
  attributes(): Attributes {
    return {
      [ATTR_GROUP_TASKS.total]: this.total,
      [ATTR_GROUP_TASKS.ok]: this.ok,
      [ATTR_GROUP_TASKS.error]: this.error,
      [ATTR_GROUP_TASKS.cancelled]: this.cancelled,
      [ATTR_GROUP_TASKS.notStarted]: this.notStarted,
    };
  }
}
