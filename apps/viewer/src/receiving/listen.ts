import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { MAX_CONNECTIONS } from './limits.js';
import { ownerOfPort } from './port-owner.js';
import type { ReceptionRegistry } from './reception.registry.js';

/** Ports that are tried one after another. */
const MAX_TRIES = 100;
const LAST_PORT = 65_535;
/** Taken, and kept for the system. */
const ABOUT_PORTS: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES']);

/** The port a receiver listens on, and the option that gives it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly option: string;
  /** Takes the next free port if this one is taken. */
  readonly isAuto: boolean;
  /** Listens on ::1 as well, where the machine has it: `localhost` may lead to either. */
  readonly isLocal: boolean;
}

/** Listens; says who has the port and which option to change when it cannot be had. */
export async function listen(server: Server, address: ListenAddress): Promise<void> {
  const ports = portsOf(address);
  for (const [tried, port] of ports.entries()) {
    const error = await tryPort(server, port, address);
    if (!error) return;
    const isLast = tried === ports.length - 1;
    if (error.code !== 'EADDRINUSE' || isLast) throw await refusal(error, address);
  }
}

/** The port a server listens on. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Closes connections above the limit as they come, and counts them. */
export function limitConnections(server: Server, registry: ReceptionRegistry): void {
  server.maxConnections = MAX_CONNECTIONS;
  const message = `A port has all its ${MAX_CONNECTIONS} connections in use.`;
  server.on('drop', () => registry.countRefused({ reason: 'too_many', message }));
}

/** The ports to try. Any port that is free at one address may be taken at the other, so 0 is tried again. */
function portsOf({ port, isAuto }: ListenAddress): number[] {
  if (port === 0) return Array.from({ length: MAX_TRIES }, () => 0);
  const count = isAuto ? Math.min(LAST_PORT - port, MAX_TRIES) + 1 : 1;
  return Array.from({ length: count }, (_, index) => port + index);
}

async function tryPort(
  server: Server,
  port: number,
  { host, isLocal }: ListenAddress,
): Promise<NodeJS.ErrnoException | undefined> {
  const error = (await tryAddress(server, port, host)) ?? (isLocal && (await listenBeside(server)));
  return error || undefined;
}

/** Listens on the port of a server at ::1, too. @returns why not, if another has it there. */
async function listenBeside(server: Server): Promise<NodeJS.ErrnoException | undefined> {
  const beside = createServer((socket) => void server.emit('connection', socket));
  beside.maxConnections = server.maxConnections;
  beside.on('drop', (data) => void server.emit('drop', data));
  const error = await tryAddress(beside, portOf(server), '::1');
  if (!error) server.once('close', () => beside.close());
  // Anything else says that the machine has no such address.
  if (error?.code !== 'EADDRINUSE') return undefined;
  server.close();
  await once(server, 'close');
  return error;
}

async function tryAddress(
  server: Server,
  port: number,
  host: string,
): Promise<NodeJS.ErrnoException | undefined> {
  server.listen(port, host);
  return await once(server, 'listening').then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );
}

async function refusal(cause: NodeJS.ErrnoException, address: ListenAddress): Promise<Error> {
  const { port, option, host } = address;
  if (!ABOUT_PORTS.has(cause.code ?? '')) {
    const cure = 'Give an address that this machine has, 0.0.0.0 for every one, or leave it out.';
    return new Error(`--host ${host} cannot be had (${cause.message}). ${cure}`, { cause });
  }
  const owner = cause.code === 'EADDRINUSE' ? await ownerOfPort(port) : undefined;
  const taken = owner === undefined ? cause.message : `taken by ${owner}`;
  const cure = `Give another with ${option}, "auto" for the next free one, 0 for any.`;
  return new Error(`Port ${port} cannot be had (${taken}). ${cure}`, { cause });
}
