/** How long a task waited for its turn, in milliseconds. */
export const ATTR_TASK_QUEUE_WAIT_MS = 'async.task.queue_wait_ms';
/** Which item of a `map` or `settled` a task works on, from 0. */
export const ATTR_TASK_INDEX = 'async.task.index';
/** Children that were spawned, and how many of them ended in which way. */
export const ATTR_GROUP_TASKS = {
  total: 'async.group.tasks.total',
  ok: 'async.group.tasks.ok',
  error: 'async.group.tasks.error',
  cancelled: 'async.group.tasks.cancelled',
  notStarted: 'async.group.tasks.not_started',
} as const;
