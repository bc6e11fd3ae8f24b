/** What `@Cron`, `@Interval` and `@Timeout` of `@nestjs/schedule` write on a method. */
export const SCHEDULER_TYPE = 'SCHEDULER_TYPE';

/** What `@OnEvent` of `@nestjs/event-emitter` writes on a method: a list of `{ event, options }`. */
export const EVENT_LISTENER_METADATA = 'EVENT_LISTENER_METADATA';

/** On a function: a stand-in that gives each run its own trace. */
export const RUN_METADATA = 'nestjs-tracing:run';
