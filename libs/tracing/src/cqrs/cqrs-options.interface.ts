/**
 * How commands, queries and events of `@nestjs/cqrs` are traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ cqrs: { events: 'link' } });
 * ```
 */
export interface CqrsOptions {
  /**
   * Whether the handler of an event belongs to the trace that published it, or starts one of its own,
   * linked to that. Nobody waits for a handler, so a child may end after its parent. Default: `child`.
   */
  events?: 'child' | 'link';
}
