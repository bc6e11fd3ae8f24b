/**
 * Which traces are kept that begin in this process. What comes with a trace context is sampled as its caller
 * has decided.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   sampler: {
 *     rules: [
 *       { route: '/health', ratio: 0 },
 *       { route: '/orders/*', method: 'POST', ratio: 1 },
 *       { pattern: 'audit.*', ratio: 0.1 },
 *     ],
 *     ratio: 0.2,
 *     keepErrors: true,
 *   },
 * });
 * ```
 */
export interface SamplerOptions {
  /** The share of new traces that no rule is for, from 0 to 1. Default: 1. */
  readonly ratio?: number;
  /** The first one that matches decides. Default: none. */
  readonly rules?: readonly SamplingRuleOptions[];
  /**
   * Whether a root that is sampled out and fails is recorded at its end, alone: with `sampling.late=true`,
   * its attributes and its exception, and nothing that was below it. Default: false, it is counted in
   * `stats()` where there are rules.
   */
  readonly keepErrors?: boolean;
}

/**
 * A rule for what comes in: exactly one of `route`, `pattern`, `grpc`, `graphql`, `event` and `cron`. In
 * all of them but `graphql`, `*` stands for any text, also for none.
 *
 * @example
 * ```ts
 * const rule: SamplingRuleOptions = { route: '/v1/reports/:id', ratio: 0.05, name: 'reports' };
 * ```
 */
export interface SamplingRuleOptions {
  /**
   * The route's template as `http.route` has it, prefix and version included: `/v1/orders/:id`, or
   * `/v1/orders/*` for all that begins so.
   */
  readonly route?: string;
  /** Beside `route`: the method of the request, such as `POST`. Default: any. */
  readonly method?: string;
  /** The pattern of a message or event that is registered with a microservice. */
  readonly pattern?: string;
  /** The method of gRPC, as `package.Service/Method`. */
  readonly grpc?: string;
  /**
   * The type of an operation of GraphQL that is a root, as over a WebSocket. One over HTTP belongs to its
   * request, which is sampled by its route.
   */
  readonly graphql?: 'query' | 'mutation' | 'subscription';
  /** The event of a WebSocket's message. */
  readonly event?: string;
  /** The name given to `@Cron()`, `@Interval()` or `@Timeout()`, else `Class.method`. */
  readonly cron?: string;
  /** The share of traces that it keeps, from 0 to 1, by their ids. */
  readonly ratio: number;
  /**
   * Whether it decides on what its caller, or what it is linked to, has decided on already. Then parts of a
   * trace may be missing. Default: false.
   */
  readonly override?: boolean;
  /** As `SamplerOptions.keepErrors`, for this rule. */
  readonly keepErrors?: boolean;
  /** How `sampling.rule` and `stats()` call it. Default: such as `route GET /health`. */
  readonly name?: string;
}
