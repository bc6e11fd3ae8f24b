import { EventPattern } from '@nestjs/microservices';

/** As `@EventPattern()`, whose type asks every handler to take the event's data. */
export const OnEvent = EventPattern as (pattern: unknown) => MethodDecorator;
