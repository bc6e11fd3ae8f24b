/** Where `@CommandHandler()` and `@QueryHandler()` note the class that a class handles. */
export const COMMAND_HANDLER_METADATA = '__commandHandler__';
export const QUERY_HANDLER_METADATA = '__queryHandler__';
/** Where `@EventsHandler()` notes the classes that a class handles. */
export const EVENTS_HANDLER_METADATA = '__eventsHandler__';
/** Where `@Saga()` notes the members of a class that are sagas. */
export const SAGA_METADATA = '__saga__';

export const ATTR_CODE_FUNCTION_NAME = 'code.function.name';
/** What is sent: `command`, `query` or `event`. */
export const ATTR_TYPE = 'nestjs.cqrs.type';
/** The name of the class of what is sent. */
export const ATTR_NAME = 'nestjs.cqrs.name';
/** How many events were published at once. */
export const ATTR_EVENTS = 'nestjs.cqrs.events';
