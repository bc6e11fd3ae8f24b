/** A server or client of Nest's, whose options are handed over to `@grpc/grpc-js` when that is made. */
interface Configured {
  options?: object;
}

interface GrpcOptions {
  readonly channelOptions?: {
    readonly interceptors?: readonly unknown[];
    readonly interceptor_providers?: readonly unknown[];
  };
}

/**
 * Puts an interceptor before those of the application's own, in options that only this server or client
 * has: the application's object may be used for others. Returns how to put the application's back.
 */
export function interceptWith(target: object, interceptor: unknown): () => void {
  const configured = target as Configured;
  const { options } = configured;
  const { channelOptions } = (options ?? {}) as GrpcOptions;
  const own = {
    ...options,
    channelOptions: { ...channelOptions, ...added(channelOptions, interceptor) },
  };
  configured.options = own;
  return () => {
    if (configured.options !== own) return;
    if (options === undefined) delete configured.options;
    else configured.options = options;
  };
}

/** A client may have interceptors or providers of them, not both. */
function added(given: GrpcOptions['channelOptions'], interceptor: unknown): object {
  const { interceptors = [], interceptor_providers: providers = [] } = given ?? {};
  return providers.length > 0
    ? { interceptor_providers: [() => interceptor, ...providers] }
    : { interceptors: [interceptor, ...interceptors] };
}
