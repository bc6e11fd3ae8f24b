import { Logger } from '@nestjs/common';
import type { GroupSettings } from './group-settings.js';

const MAX_NAMES = 10;

const logger = new Logger('TaskGroup');

/** Says which children have not stopped although their group was cancelled a while ago. */
export function warnOverdue(
  { name, graceMillis }: GroupSettings,
  tasks: readonly string[],
  bodyRuns: boolean,
): void {
  const names = tasks.slice(0, MAX_NAMES).map((task) => `"${task}"`);
  if (tasks.length > MAX_NAMES) names.push(`${tasks.length - MAX_NAMES} more`);
  if (bodyRuns) names.push('its body');
  logger.warn(
    `Group "${name}" was cancelled ${graceMillis} ms ago and still waits for ${names.join(', ')}. ` +
      'Give the signal to what they await, so that they can stop.',
  );
}
