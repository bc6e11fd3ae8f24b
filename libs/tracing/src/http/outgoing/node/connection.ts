import type { ClientRequest } from 'node:http';
import { hostAndPort } from '../../host-and-port.js';
import { headerOf } from './headers.js';
import { originOf } from '../request-target.js';
import type { RequestTarget } from '../request-target.js';

/** An agent of Node: the options that go before those of a request, and the requests that wait for it. */
interface AgentState {
  readonly options?: { readonly host?: string; readonly port?: number | string };
  readonly requests?: Readonly<Record<string, readonly unknown[] | undefined>>;
  readonly sockets?: Readonly<Record<string, readonly unknown[] | undefined>>;
}

/**
 * Returns whom a request of `node:http` or `node:https` connects to: what its options say and its agent
 * overrides, never its Host header, which names whom the request is for.
 */
export function connectionOf(request: ClientRequest): Omit<RequestTarget, 'via'> | undefined {
  const { options } = agentOf(request);
  const host = options?.host ?? request.host;
  const port = options?.port === undefined ? portOf(request) : Number(options.port);
  return originOf(request.protocol, host, port);
}

/** Node keeps a request's authority since 24; before, what else tells of the port is asked. */
function portOf(request: ClientRequest): number | undefined {
  const authority = authorityOf(request);
  if (authority !== undefined) return hostAndPort(authority)?.port;
  const named = hostAndPort(headerOf(request, 'host'));
  return portOfAgent(request) ?? (named?.address === request.host ? named?.port : undefined);
}

function authorityOf(request: ClientRequest): string | undefined {
  const key = Object.getOwnPropertySymbols(request).find(
    (symbol) => symbol.description === 'kAuthority',
  );
  const authority = key && (request as unknown as Record<symbol, unknown>)[key];
  return typeof authority === 'string' ? authority : undefined;
}

/**
 * An agent keeps requests and sockets by `host:port:…`: the request that waits, or the socket that was
 * taken for it and is not yet its own. Undefined where there is a choice.
 */
function portOfAgent(request: ClientRequest): number | undefined {
  const { requests = {}, sockets = {} } = agentOf(request);
  const waiting = (name: string) => requests[name]?.includes(request) === true;
  const taken = (name: string) => isUnassigned(sockets[name]?.at(-1));
  const queued = portsOf(Object.keys(requests).filter(waiting), request.host);
  const ports =
    queued.size > 0 ? queued : portsOf(Object.keys(sockets).filter(taken), request.host);
  return ports.size === 1 ? [...ports][0] : undefined;
}

function portsOf(names: readonly string[], host: string): Set<number> {
  const ours = names.filter((name) => name.startsWith(`${host}:`));
  const ports = ours.map((name) => Number.parseInt(name.slice(host.length + 1), 10));
  return new Set(ports.filter((port) => Number.isInteger(port)));
}

function isUnassigned(socket: unknown): boolean {
  return socket !== undefined && (socket as { _httpMessage?: unknown })._httpMessage == null;
}

function agentOf(request: ClientRequest): AgentState {
  return (request as ClientRequest & { agent?: AgentState | null }).agent ?? {};
}
