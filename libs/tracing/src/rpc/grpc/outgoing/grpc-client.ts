import { isObject } from '../../../span/is-object.js';
import type { OutgoingPolicy } from '../../outgoing/outgoing-policy.js';
import type { StandIns } from '../../stand-ins.js';
import { grpcMethod } from '../grpc-method.js';
import { interceptWith } from '../interceptors.js';
import { interceptEachCall } from './call-interceptors.js';
import { traceClientCall } from './client-call.js';
import type { ClientCall } from './client-call.js';
import { targetAttributes } from './target-address.js';

/** A client of Nest's, as far as it is looked at. */
interface NestGrpcClient {
  readonly url?: unknown;
  /** The clients of `@grpc/grpc-js` that it has made, by the names of their services. */
  readonly clients?: unknown;
}

/** What an interceptor is told of a call. */
interface InterceptorOptions {
  readonly method_definition?: { readonly path?: string };
}

type NextCall = (options: InterceptorOptions) => ClientCall;

/**
 * Traces the calls of a client by an interceptor before those of the application. Services that were
 * asked for before this have their client already: it is given to that one.
 */
export function traceGrpcClient(
  client: object,
  standIns: StandIns,
  policyNow: () => OutgoingPolicy | undefined,
): void {
  const { url, clients } = client as NestGrpcClient;
  const server = targetAttributes(url);
  let isSaid = false;
  const intercept = (options: InterceptorOptions, nextCall: NextCall): ClientCall => {
    const call = nextCall(options);
    const policy = policyNow();
    const path = options.method_definition?.path;
    if (policy === undefined || path === undefined) return call;
    const foreign = (): void => {
      if (!isSaid) policy.say(FOREIGN);
      isSaid = true;
    };
    traceClientCall(call, { method: grpcMethod(path), server, policy, foreign });
    return call;
  };
  standIns.add(interceptWith(client, intercept));
  standIns.put(client, 'getService', (original, args) => {
    const service = original(args);
    return isObject(service) ? interceptEachCall(service, intercept) : service;
  });
  if (!(clients instanceof Map)) return;
  for (const made of clients.values()) {
    if (isObject(made)) interceptLate(made, intercept, standIns);
  }
}

/**
 * A client of `@grpc/grpc-js` keeps its interceptors, and then the providers of them, in lists under
 * symbols that have no names.
 */
function interceptLate(made: object, intercept: unknown, standIns: StandIns): void {
  const holder = made as Record<symbol, unknown>;
  const lists = Object.getOwnPropertySymbols(made).filter((key) => Array.isArray(holder[key]));
  const [interceptors, providers] = lists;
  if (interceptors === undefined || providers === undefined || lists.length > 2) return;
  const hasProviders = (holder[providers] as unknown[]).length > 0;
  const key = hasProviders ? providers : interceptors;
  const before = holder[key] as unknown[];
  const after = [hasProviders ? () => intercept : intercept, ...before];
  holder[key] = after;
  standIns.add(() => {
    if (holder[key] === after) holder[key] = before;
  });
}

const FOREIGN =
  'Another instrumentation opens CLIENT spans for calls of gRPC, so this package opens none for those. ' +
  'Remove it (sdk.instrumentations, or the preload that brings it) to have ours, or set ' +
  'microservices.outgoing to false to leave it so without this message.';
