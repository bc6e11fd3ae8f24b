import type { AttributeMap, ReceivedSpan } from '../telemetry.interface.js';
import { count, numberOf, printable } from './text.js';

/** Outcomes of a task that the status of its span does not tell. */
const UNTOLD = ['cancelled', 'not_started', 'abandoned'];
const COUNTED = ['ok', 'error', 'cancelled', 'not_started'];

/** What became of a task, where that is more than its status says; else nothing. */
export function untoldOutcome({ attributes }: ReceivedSpan): string {
  const outcome = attributes['async.task.outcome'];
  return typeof outcome === 'string' && UNTOLD.includes(outcome) ? words(outcome) : '';
}

/** Why it did: the status message, else the reason of the cancellation. */
export function reasonOf({ statusMessage, attributes }: ReceivedSpan): string {
  const reason = statusMessage || attributes['async.task.cancel.reason'];
  return typeof reason === 'string' ? printable(reason) : '';
}

/** How the children of a group ended, `3 tasks: 1 error, 2 cancelled`; nothing for any other span. */
export function tasksText(attributes: AttributeMap): string {
  const total = counted(attributes, 'total');
  if (total === 0) return '';
  const parts = COUNTED.map((outcome) => ({ outcome, number: counted(attributes, outcome) }))
    .filter(({ number }) => number > 0)
    .map(({ outcome, number }) => `${number} ${words(outcome)}`);
  return `${count(total, 'task')}: ${parts.join(', ')}`;
}

function counted(attributes: AttributeMap, outcome: string): number {
  return numberOf(attributes[`async.group.tasks.${outcome}`]);
}

function words(outcome: string): string {
  return outcome.replace('_', ' ');
}
