/** The key under which `@Cron`, `@Interval` and `@Timeout` of `@nestjs/schedule` mark a method. */
export const SCHEDULER_TYPE = 'SCHEDULER_TYPE';

/** The key under which they keep the name that they were given, if any. */
export const SCHEDULER_NAME = 'SCHEDULER_NAME';

/**
 * The key under which `@OnEvent` of `@nestjs/event-emitter` marks a method, with a list of
 * `{ event, options }`.
 */
export const EVENT_LISTENER_METADATA = 'EVENT_LISTENER_METADATA';

/** On a function: a stand-in that gives each run its own trace. */
export const RUN_METADATA = 'nestjs-tracing:run';
